/** The bucket that files are uploaded to, and what it takes to read one. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
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

/** What can be chosen of the bucket. */
export interface UploadBucketProps {
  /** Key that objects are encrypted with. @default - a key of S3's own */
  readonly encryptionKey?: IKey;
}

/** A versioned, encrypted, private bucket that takes TLS only and outlives the stack. */
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
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        "Server access logs need a second bucket; CloudTrail data events tell the same, and are the account owner's choice.",
    });
  }
}

/**
 * What a function needs to read any object of a bucket, and to tell a missing one from a forbidden one.
 *
 * @param bucket - created or imported
 */
export function readObjects(bucket: IBucket): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [bucket.arnForObjects('*')],
    }),
    // Without it S3 answers 403 for a key that does not exist.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    ...decryptThrough(bucket, 's3', bucket.encryptionKey),
  ];
}
