/** What is submitted, how, and with what. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectAddress } from '../../aws/s3/object-address.ts';
import type { UploadMode } from '../../schema/fields/upload-mode.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import type { UploadProgress } from './send-object.ts';

/** How to submit one object. */
export interface SubmitRequest {
  readonly address: ObjectAddress;
  readonly upload: UploadMode;
  /** With `if-unknown`: age from which a report is refreshed, days. */
  readonly maxReportAgeDays: number;
  /** Skip objects larger than this, in bytes. @default VirusTotal's limit, 650 MiB */
  readonly maxBytes?: number | undefined;
  /** Only read the object if its (quoted) ETag still matches. @default any content */
  readonly etag?: string | undefined;
  /** Length that the object has if it is certainly the one that was asked for, in bytes. @default any length */
  readonly size?: number | undefined;
  /** Follows the submission, and knows what an earlier attempt has read. @default not followed */
  readonly progress?: UploadProgress | undefined;
  /**
   * When an earlier attempt began to send the same file, epoch milliseconds: the digest is looked up first,
   * whatever the mode, and only an unknown file is sent. @default no earlier attempt did
   */
  readonly sendingSince?: number | null;
}

/** What a submission needs. */
export interface SubmitServices {
  readonly s3: S3Client;
  readonly virusTotal: VirusTotalClient;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}
