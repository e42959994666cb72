/** The upload bucket, and the permissions to read objects. */
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { decryptThrough } from './decrypt-through.ts';
import { retainBucket } from './retain-bucket.ts';

/** Settings of the bucket. */
export interface UploadBucketProps {
  /** KMS key that encrypts objects. @default - encryption with keys that S3 manages (SSE-S3) */
  readonly encryptionKey?: IKey;
}

/** A private, versioned, encrypted, TLS-only bucket. It is retained when the stack is deleted, with its policy. */
export class UploadBucket extends Bucket {
  constructor(scope: Construct, id: string, { encryptionKey }: UploadBucketProps = {}) {
    super(scope, id, {
      versioned: true,
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    retainBucket(this);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs need a second bucket; CloudTrail data events record the same, so the account owner decides.',
    });
  }
}

/**
 * Permissions to read any object of a bucket, and to tell a missing object from a forbidden one.
 *
 * @param bucket - created or imported
 */
export function readObjects(bucket: IBucket): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [bucket.arnForObjects('*')],
    }),
    // Without it, S3 answers 403 rather than 404 for a missing key.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    ...decryptThrough(bucket, 's3', bucket.encryptionKey),
  ];
}
