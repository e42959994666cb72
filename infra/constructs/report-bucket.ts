/** The bucket that whole reports are kept in, and what it takes to put one there. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ConnectorFunction } from './connector-function.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** An encrypted, private bucket that takes TLS only and outlives the stack. */
export class ReportBucket extends Bucket {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
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
