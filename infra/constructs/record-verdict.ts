/** The function that records what became of an upload's scan, and what it may do to the upload. */
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { VERDICT_EVENT_SOURCE } from '../../shared/uploads/record/verdict-event.ts';
import { ConnectorFunction } from './connector-function.ts';
import { decryptThrough } from './decrypt-through.ts';
import type { QuarantineBucket } from './quarantine-bucket.ts';
import type { ReportBucket } from './report-bucket.ts';
import { recordIn } from './state-table.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** What the function works with. */
export interface RecordVerdictProps {
  /** Keeps full reports. */
  readonly reportBucket: ReportBucket;
  /** Keeps what was recorded. */
  readonly stateTable: ITable;
  /** Takes the events. @default - the account's default bus */
  readonly eventBus?: IEventBus;
  /** Takes malicious objects. @default - they stay where they are */
  readonly quarantineBucket?: QuarantineBucket;
  /** How long its log is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** Records verdicts. */
export class RecordVerdict extends ConnectorFunction {
  readonly #quarantineBucket: QuarantineBucket | undefined;

  constructor(scope: Construct, id: string, props: RecordVerdictProps) {
    const { reportBucket, stateTable, quarantineBucket, logRetention } = props;
    const eventBus = props.eventBus ?? EventBus.fromEventBusName(scope, 'DefaultBus', 'default');
    super(scope, id, {
      operation: {
        id: 'RecordVerdict',
        stem: 'record-verdict',
        summary: "Records what became of an upload's scan.",
      },
      environment: {
        REPORT_BUCKET: reportBucket.bucketName,
        EVENT_BUS_NAME: eventBus.eventBusName,
        STATE_TABLE: stateTable.tableName,
        ...(quarantineBucket && { QUARANTINE_BUCKET: quarantineBucket.bucketName }),
      },
      // Copies of 650 MiB are made by S3, and read again to be verified.
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
        // A set operator, since a request can hold several entries; it holds for none too, hence Null.
        conditions: {
          'ForAllValues:StringEquals': { 'events:source': VERDICT_EVENT_SOURCE },
          Null: { 'events:source': 'false' },
        },
      }),
    );
  }

  /**
   * Lets the function tag a bucket's objects, and move what is malicious if that is asked for.
   *
   * @param bucket - created or imported
   * @param isVersioned - whether every object has a version that cannot change
   */
  actOn(bucket: IBucket, isVersioned: boolean): void {
    const objects = bucket.arnForObjects('*');
    const isMoved = this.#quarantineBucket !== undefined;
    const statements = [
      new PolicyStatement({ actions: actionsOn(isVersioned, isMoved), resources: [objects] }),
      // Without it S3 answers 403 for a key that does not exist.
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      ...decryptThrough(Stack.of(this), 's3', bucket.encryptionKey),
    ];
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    Validations.of(this.role).acknowledge({
      id: wildcardFinding(this, objects),
      reason: 'Any object of the bucket gets its verdict; its key is not known beforehand.',
    });
  }
}

/** Objects without a version of their own are compared by their ETag, which takes a reading. */
function actionsOn(isVersioned: boolean, isMoved: boolean): string[] {
  return [
    's3:GetObjectVersionTagging',
    's3:PutObjectVersionTagging',
    ...(isVersioned ? [] : ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging']),
    ...(isMoved ? ['s3:GetObjectVersion', 's3:DeleteObjectVersion'] : []),
    ...(isMoved && !isVersioned ? ['s3:DeleteObject'] : []),
    // An object of the version `null` is compared too.
    ...(isMoved || isVersioned ? [] : ['s3:GetObjectVersion']),
  ];
}
