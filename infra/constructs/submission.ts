/** The function that returns the status of a large file submitted over HTTP. */
import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { submissionStatus } from '../../shared/operations/catalogue.ts';
import type { NamedStateMachine } from '../playbooks/fixed-name.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { ConnectorFunction } from './connector-function.ts';

/** Resources that the function uses. */
export interface SubmissionProps {
  /** State machine whose executions it describes. */
  readonly submitFilePlaybook: NamedStateMachine;
  /** Retention of its log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** Lambda function that may describe executions of the one state machine, and nothing else. */
export class Submission extends ConnectorFunction {
  constructor(scope: Construct, id: string, { submitFilePlaybook, logRetention }: SubmissionProps) {
    const { arn, executionArns } = submitFilePlaybook;
    super(scope, id, {
      operation: submissionStatus,
      environment: { SUBMIT_FILE_STATE_MACHINE_ARN: arn },
      logRetention,
    });
    this.role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executionArns] }),
    );
    Validations.of(this.role).acknowledge({
      id: wildcardFinding(this, executionArns),
      reason: 'Executions of this one playbook, whose names are not known in advance.',
    });
  }
}
