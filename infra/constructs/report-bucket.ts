/** The bucket that whole reports are kept in, and what it takes to put one there. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ConnectorFunction } from './connector-function.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** What can be chosen of the bucket. */
export interface ReportBucketProps {
  /** How long reports are kept, days. @default 365 */
  readonly retentionDays?: number;
}

/** How long a report is kept that was replaced, days. */
const REPLACED_DAYS = 30;

/** A versioned, encrypted, private bucket that takes TLS only and outlives the stack. */
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
        // An expired report leaves a delete marker, which goes when no version is behind it any more.
        { id: 'DeleteMarkers', expiredObjectDeleteMarker: true },
      ],
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

  /**
   * Lets a function put reports under a prefix, and read none.
   *
   * @param prefix - ends with a slash
   */
  writeFrom({ role }: ConnectorFunction, prefix: string): void {
    const resource = this.arnForObjects(`${prefix}*`);
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [resource] }),
    );
    Validations.of(role).acknowledge({
      id: wildcardFinding(this, resource),
      reason: 'Any report under the prefix; its name is not known beforehand.',
    });
  }
}
