/** The S3 client of every function that uses S3. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Environment } from '../../environment.ts';
import { awsClientDefaults } from '../client-defaults.ts';

/** Creates an S3 client. */
export function createS3Client(environment: Environment): S3Client {
  return new S3Client({
    ...awsClientDefaults('S3', environment),
    // What is read is hashed anyway; S3's own checksum in JavaScript would halve the throughput.
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: true,
  });
}
