/** Where the stack is deployed, and refusals of resources that have to be there but are elsewhere. */
import { type IResource, Stack, Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { ConfigurationError } from '../config.ts';

/** An account and a Region; undefined if synthesis cannot know. */
interface Place {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/**
 * Returns where the stack of a construct is deployed. A stack without `env` goes to the account and Region of
 * the AWS profile, which the `cdk` command passes on; without credentials that account is unknown, and the
 * Region is CDK's guess.
 */
function targetOf(scope: IConstruct): Place {
  const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION } = process.env;
  const { account, region } = Stack.of(scope);
  return {
    account: known(account) ?? CDK_DEFAULT_ACCOUNT,
    region: known(region) ?? (CDK_DEFAULT_ACCOUNT && CDK_DEFAULT_REGION),
  };
}

function known(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/** Settings that name resources of the stack's Region. */
interface RegionalResources {
  readonly apiKeySecret?: IResource;
  readonly apiKeySecretEncryptionKey?: IResource;
  readonly uploadBucketEncryptionKey?: IResource;
}

/** Returns the partition of a bucket, for example `aws-cn`; undefined if synthesis cannot know it. */
export function partitionOf(bucket: IBucket): string | undefined {
  const region = known(bucket.env.region) ?? targetOf(bucket).region;
  return region === undefined ? undefined : RegionInfo.get(region).partition;
}

/**
 * Requires the secret and the keys of what is created to be in the Region of the stack: functions ask Secrets
 * Manager of their own Region, and a key encrypts only within its Region.
 *
 * @throws ConfigurationError for the first that is known to be in another Region
 */
export function requireOwnRegion(scope: IConstruct, props: RegionalResources): void {
  const { apiKeySecret, apiKeySecretEncryptionKey, uploadBucketEncryptionKey } = props;
  const resources = { apiKeySecret, apiKeySecretEncryptionKey, uploadBucketEncryptionKey };
  const target = targetOf(scope).region;
  for (const [name, resource] of Object.entries(resources)) {
    const region = resource && known(resource.env.region);
    if (!differ(region, target)) continue;
    throw new ConfigurationError(
      `${name}: got one in the Region ${region}; allowed: one in ${target}, where the stack is deployed (of a secret or a multi-Region key, use the replica there)`,
    );
  }
}

/**
 * Requires a bucket whose events the stack receives to be in its account and Region.
 *
 * @throws ConfigurationError if it is known to be elsewhere
 */
export function requireOwnEvents(scope: IConstruct, bucket: IBucket): void {
  const target = targetOf(scope);
  const { account, region } = bucket.env;
  const isElsewhere =
    differ(known(account), target.account) || differ(known(region), target.region);
  if (!isElsewhere) return;
  const place = (of: Place) => `${of.account ?? 'the same account'}, ${of.region ?? 'same Region'}`;
  throw new ConfigurationError(
    `scanBucket: the bucket ${bucket.node.path} is in ${place({ account: known(account), region: known(region) })}, but the stack is deployed to ${place(target)}. S3 sends events to the bucket's own account and Region, so its uploads would not be scanned. Deploy a connector there, or forward the events and pass eventsAreForwarded: true (docs/buckets-elsewhere.md)`,
  );
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
