/** The function that records the outcome of a scan, and its permissions on the uploaded objects. */
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
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
    's3:GetObjectVersionTagging',
    's3:PutObjectVersionTagging',
    ...(isVersioned ? [] : ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging']),
    ...(isMoved ? ['s3:GetObjectVersion', 's3:DeleteObjectVersion'] : []),
    ...(isMoved && !isVersioned ? ['s3:DeleteObject'] : []),
    // An object with the version `null` is compared as well.
    ...(isMoved || isVersioned ? [] : ['s3:GetObjectVersion']),
  ];
}
