/** The locked bucket that malicious uploads are moved to. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ConnectorFunction } from './connector-function.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** What can be chosen of the bucket. */
export interface QuarantineBucketProps {
  /** How long a copy cannot be deleted, but by who may bypass governance, days. @default 30 */
  readonly retentionDays?: number;
}

/** A versioned, encrypted, private bucket with object lock that takes TLS only and outlives the stack. */
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
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        "Server access logs need a second bucket; CloudTrail data events tell the same, and are the account owner's choice.",
    });
  }

  /** Lets a function put copies here, with tags, and read them to verify them. */
  keepFrom({ role }: ConnectorFunction): void {
    const objects = this.arnForObjects('*');
    const statements = [
      new PolicyStatement({
        // A read that breaks goes on with the version that it began with.
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectTagging'],
        resources: [objects],
      }),
      // Without it S3 answers 403 for a copy that is not there yet.
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn] }),
    ];
    for (const statement of statements) role.addToPrincipalPolicy(statement);
    Validations.of(role).acknowledge({
      id: wildcardFinding(this, objects),
      reason: 'Any copy of an upload; its name is not known beforehand.',
    });
  }
}
