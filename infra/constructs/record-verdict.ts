/** The function that records the outcome of a scan, and its permissions on the uploaded objects. */
import { ArnFormat, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { VERDICT_EVENT_SOURCE } from '../../shared/uploads/record/verdict-event.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { ConnectorFunction } from './connector-function.ts';
import { decryptThrough } from './decrypt-through.ts';
import type { QuarantineBucket } from './quarantine-bucket.ts';
import type { ReportBucket } from './report-bucket.ts';
import { recordIn } from './state-table.ts';

/** Resources that the function uses. */
export interface RecordVerdictProps {
  /** Stores full reports. */
  readonly reportBucket: ReportBucket;
  /** Stores what has been recorded. */
  readonly stateTable: ITable;
  /** Receives the events. @default - the account's default bus */
  readonly eventBus?: IEventBus;
  /** Receives malicious objects. @default - they stay where they are */
  readonly quarantineBucket?: QuarantineBucket;
  /** Retention of its log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** Lambda function that records the outcome of each scan. */
export class RecordVerdict extends ConnectorFunction {
  readonly #quarantineBucket: QuarantineBucket | undefined;

  constructor(scope: Construct, id: string, props: RecordVerdictProps) {
    const { reportBucket, stateTable, quarantineBucket, logRetention } = props;
    const eventBus = props.eventBus ?? EventBus.fromEventBusName(scope, 'DefaultBus', 'default');
    super(scope, id, {
      operation: {
        id: 'RecordVerdict',
        stem: 'record-verdict',
        summary: 'Records the outcome of a scan: tags, report, event, quarantine.',
      },
      environment: {
        REPORT_BUCKET: reportBucket.bucketName,
        EVENT_BUS_NAME: eventBus.eventBusName,
        STATE_TABLE: stateTable.tableName,
        ...(quarantineBucket && { QUARANTINE_BUCKET: quarantineBucket.bucketName }),
      },
      // S3 copies up to 650 MiB; the function reads the copy back to verify it.
      ...(quarantineBucket
        ? { timeout: Duration.minutes(15), memorySize: 1024 }
        : { timeout: Duration.minutes(1) }),
      logRetention,
    });
    this.#quarantineBucket = quarantineBucket;
    reportBucket.writeFrom(this, 'uploads/');
    quarantineBucket?.keepFrom(this);
    for (const statement of recordIn(stateTable)) this.role.addToPrincipalPolicy(statement);
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [eventBus.eventBusArn],
        // A set operator, because a request can hold several entries. It also matches no entry, hence Null.
        conditions: {
          'ForAllValues:StringEquals': { 'events:source': VERDICT_EVENT_SOURCE },
          Null: { 'events:source': 'false' },
        },
      }),
    );
  }

  /**
   * Lets the function look up the executions of this state machine, to verify its inputs.
   *
   * The state machine refers to the function, so the function cannot refer to the state machine: the permission
   * is a separate policy, and the environment has only the beginning of the ARNs, which the logical id gives.
   * CloudFormation names a state machine `<logical id>-<random>`.
   */
  verifyScansOf(scanUpload: StateMachine): void {
    const arnOf = (resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const beginning = Lazy.string({ produce: () => beginningOfName(scanUpload) });
    this.lambda.addEnvironment('SCAN_UPLOAD_EXECUTIONS', arnOf(beginning));
    const executions = arnOf(`${scanUpload.stateMachineName}:*`);
    const policy = new Policy(this, 'VerifyScans', {
      roles: [this.role],
      statements: [
        new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] }),
      ],
    });
    Validations.of(policy).acknowledge({
      id: wildcardFinding(this, executions),
      reason: 'Executions of this one playbook, whose names are not known in advance.',
    });
  }

  /**
   * Lets the function tag the objects of a bucket and, with quarantine, move malicious ones.
   *
   * @param bucket - created or imported
   * @param isVersioned - whether every object has an immutable version
   */
  actOn(bucket: IBucket, isVersioned: boolean): void {
    const objects = bucket.arnForObjects('*');
    const isMoved = this.#quarantineBucket !== undefined;
    const statements = [
      new PolicyStatement({ actions: actionsOn(isVersioned, isMoved), resources: [objects] }),
      // Without it, S3 answers 403 rather than 404 for a missing key.
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      ...decryptThrough(Stack.of(this), 's3', bucket.encryptionKey),
    ];
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    Validations.of(this.role).acknowledge({
      id: wildcardFinding(this, objects),
      reason: 'Any object of the bucket may get a verdict; keys are not known in advance.',
    });
  }
}

/** Objects without a version are compared by ETag, which needs read access. */
function actionsOn(isVersioned: boolean, isMoved: boolean): string[] {
  return [
    // S3's API reference says "you also need" the version's actions: possibly besides the plain ones.
    's3:GetObjectTagging',
    's3:PutObjectTagging',
    's3:GetObjectVersionTagging',
    's3:PutObjectVersionTagging',
    ...(isVersioned ? [] : ['s3:GetObject']),
    ...(isMoved ? ['s3:GetObjectVersion', 's3:DeleteObjectVersion'] : []),
    ...(isMoved && !isVersioned ? ['s3:DeleteObject'] : []),
    // An object with the version `null` is compared as well.
    ...(isMoved || isVersioned ? [] : ['s3:GetObjectVersion']),
  ];
}

/** Longest logical id that CloudFormation puts into the name of a state machine as it is, characters. */
const MAX_LOGICAL_ID_LENGTH = 80 - '-ABCDEFGHIJKL'.length;

/** Returns how the generated name of a state machine begins; nothing if its logical id may have been cut. */
function beginningOfName({ node, stack }: StateMachine): string {
  const { defaultChild } = node;
  if (!(defaultChild instanceof CfnStateMachine)) throw new Error('the state machine is imported');
  const logicalId: string = stack.resolve(defaultChild.logicalId);
  return logicalId.length > MAX_LOGICAL_ID_LENGTH ? '' : `${logicalId}-`;
}
