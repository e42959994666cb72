/** One playbook as a state machine, with a role of its own. */
import { type Duration, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { wildcardFinding } from '../constructs/wildcard-finding.ts';

/** What every playbook is given. */
export interface PlaybookProps {
  /** Where failures of executions are logged. */
  readonly logGroup: ILogGroup;
}

/** What a playbook says of itself. */
export interface PlaybookDefinition {
  /** One line. */
  readonly comment: string;
  /** Name of its state machine. @default - CloudFormation makes one up */
  readonly name?: string | undefined;
  /** The functions that it calls. */
  readonly functions: readonly IFunction[];
  /** After so long an execution ends as TIMED_OUT. */
  readonly timeout: Duration;
  /** Makes the states. */
  readonly define: (scope: Construct) => IChainable;
}

/** A state machine that may call its functions, and nothing else. */
export class Playbook extends Construct {
  /** The state machine. */
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: PlaybookProps, playbook: PlaybookDefinition) {
    super(scope, id);
    const { comment, name, functions, timeout, define } = playbook;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      comment,
      timeout,
      definitionBody: DefinitionBody.fromChainable(define(this)),
      tracingEnabled: true,
      // The data of an execution holds indicators and object keys.
      logs: { destination: props.logGroup, level: LogLevel.ERROR, includeExecutionData: false },
    });
    Validations.of(this.stateMachine).acknowledge({
      id: 'AwsSolutions-SF1',
      reason: 'Failures are logged; the history of each execution is kept by Step Functions.',
    });
    Validations.of(this.stateMachine.role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: "X-Ray and the delivery of CloudWatch's logs take * only.",
      },
      ...functions.map((lambda) => ({
        id: wildcardFinding(this, `${lambda.functionArn}:*`),
        reason: 'Versions and aliases of the one function that a task calls.',
      })),
    );
  }
}
