/** What can be chosen of the connector. */
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { VerdictPolicyInput } from '../../shared/verdict/policy-schema.ts';
import type { ConnectorConfig } from '../config.ts';
import type { DenyUntilVerdict } from './deny-until-verdict.ts';
import type { ScanFilter } from './upload-pattern.ts';

/** What can be chosen of the connector; everything has a default. */
export interface VirusTotalConnectorProps {
  /** Server of the VirusTotal API; a bare host gets `https://`. @default 'https://www.virustotal.com' */
  readonly serverUrl?: string;
  /** Secret that holds the API key. @default - one is created, empty until it is filled */
  readonly apiKeySecret?: ISecret;
  /** Key that the created secret is encrypted with. @default - the account's key for Secrets Manager */
  readonly apiKeySecretEncryptionKey?: IKey;
  /** Whether the server's TLS certificate is verified. @default true */
  readonly verifySsl?: boolean;
  /** Which account the API key belongs to; with `public`, premium lists are not asked for. @default 'public' */
  readonly tier?: ConnectorConfig['tier'];
  /** How a submission treats a file that VirusTotal may know. @default - by the way of calling */
  readonly upload?: ConnectorConfig['upload'];
  /** With `if-unknown`, age from which a report is analysed anew, days. @default 30 */
  readonly maxReportAgeDays?: number;
  /**
   * Longest object that `POST /files` sends within the call, bytes; a longer one is handed to the playbook
   * `SubmitFile`. @default 32,000,000
   */
  readonly httpSubmissionMaxBytes?: number;
  /** Policy of verdicts whose call names none; see docs/verdict.md. @default 'balanced' */
  readonly verdictPolicy?: VerdictPolicyInput | string;
  /**
   * Whether nobody but the connector reads what is scanned and has no clean verdict; `external` takes
   * buckets whose policy CDK cannot change to have the statements (docs/deny-until-verdict.md).
   * @default false
   */
  readonly denyUntilVerdict?: DenyUntilVerdict;
  /** How the API knows its callers. @default 'iam' */
  readonly apiAuth?: ConnectorConfig['apiAuth'];
  /** Bucket of a submission that names none. @default - one is created, and outlives the stack */
  readonly uploadBucket?: IBucket;
  /** Key that the created upload bucket encrypts with. @default - a key of S3's own */
  readonly uploadBucketEncryptionKey?: IKey;
  /** Which uploads are scanned. @default - all */
  readonly scanFilter?: ScanFilter;
  /** Whether a malicious upload is moved to a locked bucket. @default false */
  readonly quarantine?: boolean;
  /** How long nobody can delete what is in quarantine, days. @default 30 */
  readonly quarantineRetentionDays?: number;
  /** Bus that verdicts of uploads are sent to. @default - the account's default bus */
  readonly eventBus?: IEventBus;
  /** How long full reports are kept, days. @default 365 */
  readonly reportRetentionDays?: number;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** What can be chosen of a further bucket that is scanned. */
export interface ScanBucketOptions {
  /** Whether nobody but the connector reads what has no clean verdict. @default - as the connector's */
  readonly denyUntilVerdict?: DenyUntilVerdict;
}
