/** `submit_sample`: sends a file, named by its S3 bucket and key, to VirusTotal. */
import { S3Client } from '@aws-sdk/client-s3';
import { InvalidInputError } from '../shared/errors.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { submitFile } from '../shared/operations.ts';
import { createServices } from '../shared/services.ts';
import { submitObject } from '../shared/submission/submit-object.ts';

const { config, virusTotal } = createServices(process.env);

// The digests are computed from every byte; S3's own checksum in JavaScript would halve the throughput.
const s3 = new S3Client({
  responseChecksumValidation: 'WHEN_REQUIRED',
  followRegionRedirects: true,
});

/** Handler of `submit_sample`. */
export const handler = lambda(submitFile, (input, call) => {
  const bucket = input.bucket ?? config.uploadBucket;
  if (bucket === undefined) {
    throw new InvalidInputError(
      'bucket: got nothing; needed, because no upload bucket is configured',
    );
  }
  const submission = {
    address: { bucket, key: input.key, versionId: input.versionId },
    upload: input.upload ?? config.upload ?? 'always',
    maxReportAgeDays: input.maxReportAgeDays ?? config.maxReportAgeDays,
  };
  return submitObject({ s3, virusTotal }, submission, call);
});
