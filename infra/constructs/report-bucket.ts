/** The bucket for full reports, and the permission to write them. */
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { wildcardFinding } from '../wildcard-finding.ts';
import type { ConnectorFunction } from './connector-function.ts';
import { retainBucket } from './retain-bucket.ts';

/** Settings of the bucket. */
export interface ReportBucketProps {
  /** Days until a report expires. @default 365 */
  readonly retentionDays?: number;
}

/** Days until a replaced report expires. */
const REPLACED_DAYS = 30;

/** A private, versioned, encrypted, TLS-only bucket. It is retained when the stack is deleted, with its policy. */
export class ReportBucket extends Bucket {
  constructor(scope: Construct, id: string, { retentionDays = 365 }: ReportBucketProps = {}) {
    super(scope, id, {
      versioned: true,
      lifecycleRules: [
        {
          id: 'Expiry',
          expiration: Duration.days(retentionDays),
          noncurrentVersionExpiration: Duration.days(Math.min(REPLACED_DAYS, retentionDays)),
        },
        // An expired report leaves a delete marker, which is removed once no version is left behind it.
        { id: 'DeleteMarkers', expiredObjectDeleteMarker: true },
      ],
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

  /**
   * Lets a function write reports under a prefix, but not read them.
   *
   * @param prefix - with a trailing slash
   */
  writeFrom({ role }: ConnectorFunction, prefix: string): void {
    const resource = this.arnForObjects(`${prefix}*`);
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [resource] }),
    );
    Validations.of(role).acknowledge({
      id: wildcardFinding(this, resource),
      reason: 'Reports under the prefix, whose keys are not known in advance.',
    });
  }
}
