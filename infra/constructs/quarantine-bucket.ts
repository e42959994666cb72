/** The locked bucket that malicious uploads are moved to. */
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { wildcardFinding } from '../wildcard-finding.ts';
import type { ConnectorFunction } from './connector-function.ts';
import { retainBucket } from './retain-bucket.ts';

/** Settings of the bucket. */
export interface QuarantineBucketProps {
  /** Days during which only principals that may bypass governance can delete a copy. @default 30 */
  readonly retentionDays?: number;
}

/** A private, versioned, encrypted, TLS-only bucket with Object Lock. It is retained when the stack is deleted, with its policy. */
export class QuarantineBucket extends Bucket {
  constructor(scope: Construct, id: string, { retentionDays = 30 }: QuarantineBucketProps = {}) {
    super(scope, id, {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(retentionDays)),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    });
    retainBucket(this);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs need a second bucket; CloudTrail data events record the same, so the account owner decides.',
    });
  }

  /** Lets a function write copies with tags, and read them back to verify them. */
  keepFrom({ role }: ConnectorFunction): void {
    const objects = this.arnForObjects('*');
    const statements = [
      new PolicyStatement({
        // An interrupted read resumes with the version it started with.
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectTagging'],
        resources: [objects],
      }),
      // Without it, S3 answers 403 rather than 404 for a missing copy.
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn] }),
    ];
    for (const statement of statements) role.addToPrincipalPolicy(statement);
    Validations.of(role).acknowledge({
      id: wildcardFinding(this, objects),
      reason: 'Copies of uploads, whose keys are not known in advance.',
    });
  }
}
