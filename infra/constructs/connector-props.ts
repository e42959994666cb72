/** Settings of the connector. */
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ScanFilter } from '../../shared/uploads/sweep/scan-filter.ts';
import type { VerdictPolicyInput } from '../../shared/verdict/policy-schema.ts';
import type { ConnectorConfig } from '../config.ts';
import type { AccountLogRole } from './access-log.ts';
import type { DenyUntilVerdict } from './deny-until-verdict.ts';

/** Settings of the connector; all are optional. */
export interface VirusTotalConnectorProps {
  /** Server of the VirusTotal API; a bare host gets `https://`. @default 'https://www.virustotal.com' */
  readonly serverUrl?: string;
  /** Secret that holds the API key. @default - an empty secret is created; fill it after deployment */
  readonly apiKeySecret?: ISecret;
  /** KMS key that encrypts the created secret. @default - the account's key for Secrets Manager */
  readonly apiKeySecretEncryptionKey?: IKey;
  /** Verify the server's TLS certificate. @default true */
  readonly verifySsl?: boolean;
  /** Account type of the API key; with `public`, premium lists are not requested. @default 'public' */
  readonly tier?: ConnectorConfig['tier'];
  /** Requests that the account has in a minute; `none` is no limit. @default - learnt from the account, or the tier's */
  readonly quotaPerMinute?: ConnectorConfig['quotaPerMinute'];
  /** Requests in a UTC day. @default - learnt from the account, or the tier's */
  readonly quotaPerDay?: ConnectorConfig['quotaPerDay'];
  /** Requests in a UTC month. @default - learnt from the account, or the tier's */
  readonly quotaPerMonth?: ConnectorConfig['quotaPerMonth'];
  /** Part of minute and day that is kept for callers over HTTP (docs/quota.md). @default 0.25 */
  readonly interactiveShare?: number;
  /** User id of the account, by which its quotas are read. @default - they are not read */
  readonly virusTotalUserId?: string;
  /** How long VirusTotal's answers are kept, in hours; 0: they are not (docs/cache.md). @default 24 */
  readonly cacheHours?: number;
  /** When to send a file that VirusTotal may know. @default - `always` for calls, `if-unknown` for S3 events */
  readonly upload?: ConnectorConfig['upload'];
  /** With `if-unknown`, re-analyse the file if its report is at least this old, in days. @default 30 */
  readonly maxReportAgeDays?: number;
  /**
   * Largest object that `POST /files` sends within the call, in bytes. The playbook `SubmitFile` takes larger
   * ones. @default 32,000,000
   */
  readonly httpSubmissionMaxBytes?: number;
  /** Verdict policy of calls that name none (docs/verdict.md). @default 'balanced' */
  readonly verdictPolicy?: VerdictPolicyInput | string;
  /**
   * Deny everyone but the connector reads of scanned objects until their verdict is clean. Use `external` if the
   * owners of imported buckets have added the statements themselves (docs/deny-until-verdict.md).
   * @default false
   */
  readonly denyUntilVerdict?: DenyUntilVerdict;
  /** How callers of the API authenticate. @default 'iam' */
  readonly apiAuth?: ConnectorConfig['apiAuth'];
  /** Whether the API logs requests, and with whose account-wide role. @default 'none' */
  readonly accountLogRole?: AccountLogRole;
  /** Bucket of submissions that name none. @default - one is created, and retained when the stack is deleted */
  readonly uploadBucket?: IBucket;
  /** KMS key that encrypts the created upload bucket. @default - encryption with keys that S3 manages (SSE-S3) */
  readonly uploadBucketEncryptionKey?: IKey;
  /** Which uploads to scan. @default - all */
  readonly scanFilter?: ScanFilter;
  /** Move malicious uploads to a locked bucket. @default false */
  readonly quarantine?: boolean;
  /** Days during which quarantined objects cannot be deleted. @default 30 */
  readonly quarantineRetentionDays?: number;
  /**
   * End playbooks as FAILED when their outcome is an error, for alarms on failed executions. @default false: they
   * succeed, with the error as output
   */
  readonly failOnError?: boolean;
  /** Event bus for the verdicts of uploads. @default - the account's default bus */
  readonly eventBus?: IEventBus;
  /** Days until full reports expire. @default 365 */
  readonly reportRetentionDays?: number;
  /** Retention of logs. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** Settings of a further scanned bucket. */
export interface ScanBucketOptions {
  /** Deny everyone but the connector reads until the verdict is clean. @default - the connector's setting */
  readonly denyUntilVerdict?: DenyUntilVerdict;
  /**
   * The bucket is in another account or Region, and a rule there forwards its events to the default event bus
   * of this account (docs/buckets-elsewhere.md). @default false
   */
  readonly eventsAreForwarded?: boolean;
}
