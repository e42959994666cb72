/** Keeps a bucket when its stack is deleted. */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/**
 * Retains a bucket together with its policy, without which its objects would lose their protection. If the
 * deployment that creates them fails, both are deleted with everything else.
 */
export function retainBucket(bucket: Bucket): void {
  const policy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  bucket.applyRemovalPolicy(policy);
  bucket.policy?.applyRemovalPolicy(policy);
}
