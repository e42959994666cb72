/** The function that records what became of an upload's scan, and what it may do to the upload. */
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { VERDICT_EVENT_SOURCE } from '../../shared/schemas/verdict-event.ts';
import { ConnectorFunction } from './connector-function.ts';
import { decryptThrough } from './decrypt-through.ts';
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
  /** How long its log is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** Records verdicts. */
export class RecordVerdict extends ConnectorFunction {
  constructor(scope: Construct, id: string, props: RecordVerdictProps) {
    const { reportBucket, stateTable, logRetention } = props;
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
      },
      timeout: Duration.minutes(1),
      logRetention,
    });
    reportBucket.writeFrom(this, 'uploads/');
    for (const statement of recordIn(stateTable)) this.role.addToPrincipalPolicy(statement);
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [eventBus.eventBusArn],
        conditions: { StringEquals: { 'events:source': VERDICT_EVENT_SOURCE } },
      }),
    );
  }

  /**
   * Lets the function tag a bucket's objects.
   *
   * @param bucket - created or imported
   */
  tagObjectsOf(bucket: IBucket): void {
    const objects = bucket.arnForObjects('*');
    const statements = [
      new PolicyStatement({
        actions: [
          // Without versions, the ETag is compared.
          's3:GetObject',
          's3:GetObjectVersion',
          's3:GetObjectTagging',
          's3:GetObjectVersionTagging',
          's3:PutObjectTagging',
          's3:PutObjectVersionTagging',
        ],
        resources: [objects],
      }),
      // Without it S3 answers 403 for a key that does not exist.
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      ...decryptThrough(Stack.of(this), 's3', bucket.encryptionKey),
    ];
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    Validations.of(this.role).acknowledge({
      id: wildcardFinding(this, objects),
      reason:
        'Any object of the bucket is tagged with its verdict; its key is not known beforehand.',
    });
  }
}
