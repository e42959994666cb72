/** The function that tells what became of a large file which was submitted over HTTP. */
import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { submissionStatus } from '../../shared/operations/catalogue.ts';
import type { NamedStateMachine } from '../playbooks/fixed-name.ts';
import { ConnectorFunction } from './connector-function.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** What the function works with. */
export interface SubmissionProps {
  /** State machine whose executions are looked up. */
  readonly submitFilePlaybook: NamedStateMachine;
  /** How long its log is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** Looks up executions of that state machine, and may do nothing else. */
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
      reason:
        'Any execution of the one playbook can be asked for; its name is not known beforehand.',
    });
  }
}
