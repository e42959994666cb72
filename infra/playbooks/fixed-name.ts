/** A state machine with a fixed name, so that a function can refer to it before it is created. */
import { ArnFormat, Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Name and ARNs. */
export interface NamedStateMachine {
  /** Unique in the account and Region. */
  readonly name: string;
  readonly arn: string;
  /** ARN pattern that matches all its executions. */
  readonly executionArns: string;
}

/** Maximum length of a state machine name, characters. */
const MAX_NAME_LENGTH = 80;

/**
 * Names a state machine. The state machine refers to its function, so the function's environment cannot refer
 * to the state machine. A name derived from the stack and the connector breaks that cycle and is unique for each
 * connector.
 *
 * @param connector - its construct path makes the name unique
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
