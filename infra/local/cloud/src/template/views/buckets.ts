/** Buckets of the template. */
import * as z from 'zod/mini';
import type { Resolver } from '../resolver.ts';
import { text, truth, withoutEffect } from './fields.ts';
import { eventBridgeBuckets } from './notifications.ts';
import { readProperties } from './read.ts';
import { type PolicyDocument, policyDocument } from './roles.ts';

export interface LocalBucket {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly isVersioned: boolean;
  /** Whether the bucket sends its events to EventBridge. */
  readonly sendsToEventBridge: boolean;
  /** Default encryption of objects. */
  readonly encryption?: { readonly algorithm: string; readonly kmsKeyId?: string };
  /** Whether versions can be locked. */
  readonly hasObjectLock: boolean;
  /** Its bucket policies. */
  readonly policies: readonly PolicyDocument[];
}

/** Refuses every other property, for example notifications to topics; notificationsOf reads the others. */
const bucketSchema = z.strictObject({
  VersioningConfiguration: z.optional(z.strictObject({ Status: text })),
  NotificationConfiguration: z.optional(
    z.strictObject({
      EventBridgeConfiguration: z.optional(
        z.strictObject({ EventBridgeEnabled: z._default(truth, true) }),
      ),
      LambdaConfigurations: withoutEffect,
      QueueConfigurations: withoutEffect,
    }),
  ),
  BucketEncryption: z.optional(
    z.strictObject({
      ServerSideEncryptionConfiguration: z.array(
        z.object({
          ServerSideEncryptionByDefault: z.optional(
            z.strictObject({ SSEAlgorithm: text, KMSMasterKeyID: z.optional(text) }),
          ),
        }),
      ),
    }),
  ),
  ObjectLockEnabled: z._default(truth, false),
  ObjectLockConfiguration: withoutEffect,
  BucketName: withoutEffect,
  LifecycleConfiguration: withoutEffect,
  LoggingConfiguration: withoutEffect,
  OwnershipControls: withoutEffect,
  PublicAccessBlockConfiguration: withoutEffect,
  Tags: withoutEffect,
});

const policySchema = z.strictObject({ Bucket: text, PolicyDocument: policyDocument });

export function bucketsOf(resolver: Resolver): LocalBucket[] {
  const policies = resolver
    .resources('AWS::S3::BucketPolicy')
    .map((resource) => readProperties(resource, policySchema));
  const toEventBridge = eventBridgeBuckets(resolver);
  return resolver.resources('AWS::S3::Bucket').map((resource) => {
    const { logicalId, name, attributes } = resource;
    const properties = readProperties(resource, bucketSchema);
    const events = properties.NotificationConfiguration?.EventBridgeConfiguration;
    const [encryption] = properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    const byDefault = encryption?.ServerSideEncryptionByDefault;
    return {
      logicalId,
      name,
      arn: attributes.Arn ?? '',
      isVersioned: properties.VersioningConfiguration?.Status === 'Enabled',
      sendsToEventBridge: events?.EventBridgeEnabled ?? toEventBridge.has(name),
      encryption: byDefault && {
        algorithm: byDefault.SSEAlgorithm,
        kmsKeyId: byDefault.KMSMasterKeyID,
      },
      hasObjectLock: properties.ObjectLockEnabled,
      policies: policies
        .filter(({ Bucket }) => Bucket === name)
        .map(({ PolicyDocument }) => PolicyDocument),
    };
  });
}
