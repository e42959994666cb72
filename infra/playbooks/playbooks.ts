/** All playbooks of the connector. */
import { RemovalPolicy } from 'aws-cdk-lib';
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
import { ScanUpload } from './scan-upload.ts';
import { ScanUrl } from './scan-url.ts';

/** Functions and settings of the playbooks. */
export interface PlaybooksProps {
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
  /** Retention of their log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** The playbooks: one state machine each, with a common log group for failures. */
export class Playbooks extends Construct {
  /** State machines by playbook name, which is the construct id. */
  readonly stateMachines: ReadonlyMap<string, StateMachine>;
  /** The playbook that uploads start. */
  readonly scanUpload: StateMachine;

  constructor(scope: Construct, id: string, props: PlaybooksProps) {
    super(scope, id);
    const { functionOf, record, logRetention } = props;
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const samples = operations.map(
      (operation) =>
        new OneOperation(this, operation.id, {
          logGroup,
          operation,
          lambda: functionOf(operation),
          ...(operation.id === submitFile.id && { name: props.submitFileName }),
        }),
    );
    const scanUrl = new ScanUrl(this, 'ScanUrl', {
      logGroup,
      submitUrl: functionOf(submitUrl),
      urlReputation: functionOf(urlReputation),
    });
    const scanUpload = new ScanUpload(this, 'ScanUpload', {
      logGroup,
      submitFile: functionOf(submitFile),
      fileReputation: functionOf(fileReputation),
      record,
    });
    const enrichIndicators = new EnrichIndicators(this, 'EnrichIndicators', {
      logGroup,
      classifyIndicators: props.classifyIndicators,
      fileReputation: functionOf(fileReputation),
      ipReputation: functionOf(ipReputation),
      domainReputation: functionOf(domainReputation),
      urlReputation: functionOf(urlReputation),
      keepReport: props.keepReport,
    });
    this.scanUpload = scanUpload.stateMachine;
    const all: readonly Playbook[] = [...samples, scanUrl, scanUpload, enrichIndicators];
    this.stateMachines = new Map(all.map(({ node, stateMachine }) => [node.id, stateMachine]));
  }
}
