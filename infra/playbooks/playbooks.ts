/** All playbooks of the connector. */
import { Names, RemovalPolicy } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  domainReputation,
  fileReputation,
  ipReputation,
  type Operation,
  operations,
  submitFile,
  submitUrl,
  urlReputation,
} from '../../shared/operations/catalogue.ts';
import { EnrichIndicators } from './enrich-indicators.ts';
import { OneOperation } from './one-operation.ts';
import type { Playbook } from './playbook.ts';
import { ScanExisting, type ScanExistingProps } from './scan-existing.ts';
import { ScanUpload } from './scan-upload.ts';
import { ScanUrl } from './scan-url.ts';
import { SubmitFile } from './submit-file.ts';

/** Functions and settings of the playbooks. */
export interface PlaybooksProps
  extends Pick<ScanExistingProps, 'findUnscanned' | 'reportBucket' | 'tier'> {
  /** The function of an operation. */
  readonly functionOf: (operation: Pick<Operation, 'id'>) => IFunction;
  /** Function that records the outcome of a scan. */
  readonly record: IFunction;
  /** Function that detects the types of indicators. */
  readonly classifyIndicators: IFunction;
  /** Function that stores a full report. */
  readonly keepReport: IFunction;
  /** Name of the `SubmitFile` state machine, by which the function of that name starts it. */
  readonly submitFileName: string;
  /** End as FAILED when the outcome is an error. @default false */
  readonly failOnError?: boolean | undefined;
  /** Retention of their log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/**
 * Prefix of log groups that AWS services write to without an entry in the account's policy.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 */
const VENDED_LOGS = '/aws/vendedlogs/states/';

/** The playbooks: one state machine each, with a common log group for failures. */
export class Playbooks extends Construct {
  /** State machines by playbook name, which is the construct id. */
  readonly stateMachines: ReadonlyMap<string, StateMachine>;
  /** The playbook that uploads start. */
  readonly scanUpload: StateMachine;
  /** The playbook that queues hand events over to. */
  readonly submitFile: StateMachine;
  /** The playbook that scans what is in a bucket already. */
  readonly scanExisting: ScanExisting;

  constructor(scope: Construct, id: string, props: PlaybooksProps) {
    super(scope, id);
    const { functionOf, record, logRetention, failOnError, submitFileName: name } = props;
    const logGroup = createLogGroup(this, logRetention);
    const common = { logGroup, failOnError };
    const lambda = functionOf(submitFile);
    const submission = new SubmitFile(this, submitFile.id, { ...common, lambda, name });
    const samples = operations.map((operation) => {
      if (operation.id === submitFile.id) return submission;
      const settings = { ...common, operation, lambda: functionOf(operation) };
      return new OneOperation(this, operation.id, settings);
    });
    const scanUrl = new ScanUrl(this, 'ScanUrl', {
      ...common,
      submitUrl: functionOf(submitUrl),
      urlReputation: functionOf(urlReputation),
    });
    const scanUpload = new ScanUpload(this, 'ScanUpload', {
      ...common,
      submitFile: functionOf(submitFile),
      fileReputation: functionOf(fileReputation),
      record,
    });
    const enrichIndicators = new EnrichIndicators(this, 'EnrichIndicators', {
      ...common,
      classifyIndicators: props.classifyIndicators,
      fileReputation: functionOf(fileReputation),
      ipReputation: functionOf(ipReputation),
      domainReputation: functionOf(domainReputation),
      urlReputation: functionOf(urlReputation),
      keepReport: props.keepReport,
    });
    this.scanUpload = scanUpload.stateMachine;
    this.scanExisting = this.#createScanExisting(props, logGroup);
    this.submitFile = submission.stateMachine;
    const others: readonly Playbook[] = [scanUrl, scanUpload, this.scanExisting, enrichIndicators];
    const all = [...samples, ...others];
    this.stateMachines = new Map(all.map(({ node, stateMachine }) => [node.id, stateMachine]));
  }

  #createScanExisting(props: PlaybooksProps, logGroup: LogGroup): ScanExisting {
    const { scanUpload } = this;
    return new ScanExisting(this, 'ScanExisting', { ...props, logGroup, scanUpload });
  }
}

/** Step Functions lists other groups in a resource policy of the account, which holds 5,120 characters. */
function createLogGroup(scope: Construct, retention = RetentionDays.ONE_MONTH): LogGroup {
  return new LogGroup(scope, 'LogGroup', {
    logGroupName: VENDED_LOGS + Names.uniqueResourceName(scope, { separator: '-' }),
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
