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

/** What the playbooks are made of. */
export interface PlaybooksProps {
  /** The function of an operation. */
  readonly functionOf: (operation: Pick<Operation, 'id'>) => IFunction;
  /** Records what became of an upload's scan. */
  readonly record: IFunction;
  /** Tells the types of a list of indicators. */
  readonly classifyIndicators: IFunction;
  /** Keeps a whole report. */
  readonly keepReport: IFunction;
  /** Name of the state machine of `SubmitFile`, by which its function starts it. */
  readonly submitFileName: string;
  /** How long the log of their failures is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** The playbooks, each a state machine of its own; their failures go to one log group. */
export class Playbooks extends Construct {
  /** By the playbook's name, which is its construct id. */
  readonly stateMachines: ReadonlyMap<string, StateMachine>;
  /** The one that uploads start. */
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
