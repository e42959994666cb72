/** A state machine that a function starts, known before it is made. */
import { ArnFormat, Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Name and addresses. */
export interface NamedStateMachine {
  /** Unique to the connector in its account and Region. */
  readonly name: string;
  readonly arn: string;
  /** ARN of any of its executions. */
  readonly executionArns: string;
}

/** Longest name of a state machine, characters. */
const MAX_NAME_LENGTH = 80;

/**
 * Names a state machine. The machine refers to its function, so that the function's environment cannot
 * refer to the machine; a name that is made of the stack's and the connector's breaks that circle, and two
 * connectors have two.
 *
 * @param connector - its path makes the name unique
 * @param playbook - for example `SubmitFile`
 */
export function namedStateMachine(connector: Construct, playbook: string): NamedStateMachine {
  const maxLength = MAX_NAME_LENGTH - playbook.length - 1;
  const unique = Names.uniqueResourceName(connector, { maxLength, separator: '-' });
  const name = `${unique}-${playbook}`;
  const arnOf = (resource: string, resourceName: string) =>
    Stack.of(connector).formatArn({
      service: 'states',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return {
    name,
    arn: arnOf('stateMachine', name),
    executionArns: arnOf('execution', `${name}:*`),
  };
}
