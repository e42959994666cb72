/** Writes full reports to the report bucket. */
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { translateWriteError } from '../../aws/s3/s3-errors.ts';
import { type Limits, signalFor } from '../../limits.ts';

/** Where reports are kept. */
export interface ReportStore {
  readonly s3: S3Client;
  /** Name of the bucket. */
  readonly reportBucket: string;
}

/**
 * Writes a report; replaces one with the same key.
 *
 * @param key - must not contain an indicator
 * @throws ObjectAccessDeniedError, UpstreamUnavailableError, UpstreamTimeoutError
 */
export async function writeReport(
  { s3, reportBucket: Bucket }: ReportStore,
  key: string,
  report: object,
  limits: Limits,
): Promise<void> {
  const abortSignal = signalFor(limits);
  const Body = JSON.stringify(report);
  const input = { Bucket, Key: key, Body, ContentType: 'application/json' };
  await s3.send(new PutObjectCommand(input), { abortSignal }).catch((error: unknown) => {
    throw translateWriteError(error, 'write the report', abortSignal);
  });
}
