/** Notifications of buckets: properties of the bucket, or the custom resource that CDK makes of them. */
import * as z from 'zod/mini';
import type { LocalFunction } from '../../types.ts';
import type { ResolvedResource, Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { text, truth, withoutEffect } from './fields.ts';
import { type LocalNotification, overlapOf, refusalOf } from './notification-rules.ts';
import type { LocalQueue } from './queues.ts';
import { readProperties } from './read.ts';

/** Type of the resource that CDK makes for `addEventNotification` and `eventBridgeEnabled`. */
export const NOTIFICATIONS = 'Custom::S3BucketNotifications';

const rules = z.array(z.strictObject({ Name: text, Value: text }));

const bucketFilter = z.optional(z.strictObject({ S3Key: z.strictObject({ Rules: rules }) }));
/** Of `AWS::S3::Bucket`; bucketsOf refuses other configurations, for example topics. */
const bucketSchema = z.object({
  NotificationConfiguration: z.optional(
    z.object({
      LambdaConfigurations: z._default(
        z.array(z.strictObject({ Event: text, Function: text, Filter: bucketFilter })),
        [],
      ),
      QueueConfigurations: z._default(
        z.array(z.strictObject({ Event: text, Queue: text, Filter: bucketFilter })),
        [],
      ),
    }),
  ),
});

const common = {
  Id: z.optional(text),
  Events: z.array(text),
  Filter: z.optional(
    z.strictObject({ Key: z.optional(z.strictObject({ FilterRules: z._default(rules, []) })) }),
  ),
};
/** Of the custom resource: its configuration has the form of S3's API. */
const customSchema = z.strictObject({
  ServiceToken: text,
  BucketName: text,
  NotificationConfiguration: z.strictObject({
    EventBridgeConfiguration: withoutEffect,
    LambdaFunctionConfigurations: z._default(
      z.array(z.strictObject({ ...common, LambdaFunctionArn: text })),
      [],
    ),
    QueueConfigurations: z._default(z.array(z.strictObject({ ...common, QueueArn: text })), []),
  }),
  Managed: withoutEffect,
  SkipDestinationValidation: z._default(truth, false),
});

/** Names of the buckets that a custom resource lets send to EventBridge. */
export function eventBridgeBuckets(resolver: Resolver): Set<string> {
  const custom = resolver
    .resources(NOTIFICATIONS)
    .map((resource) => readProperties(resource, customSchema))
    .filter((each) => each.NotificationConfiguration.EventBridgeConfiguration !== undefined);
  return new Set(custom.map(({ BucketName }) => BucketName));
}

/** @throws UnsupportedTemplateError for targets and events that are not served, and for what S3 refuses */
export function notificationsOf(
  resolver: Resolver,
  functions: readonly LocalFunction[],
  queues: readonly LocalQueue[],
): LocalNotification[] {
  const found: LocalNotification[] = [];
  const add = (resource: ResolvedResource, notification: LocalNotification) => {
    const reason =
      refusalOf(notification, functions, queues) ?? overlapOf(notification, found) ?? undefined;
    if (reason !== undefined) {
      const { logicalId, type } = resource;
      throw new UnsupportedTemplateError(`${logicalId} (${type}) cannot run here: ${reason}`);
    }
    found.push(notification);
  };
  for (const resource of resolver.resources('AWS::S3::Bucket')) {
    for (const notification of ofBucket(resource)) add(resource, notification);
  }
  for (const resource of resolver.resources(NOTIFICATIONS)) {
    for (const notification of ofCustom(resource)) add(resource, notification);
  }
  return found;
}

function ofBucket(resource: ResolvedResource): LocalNotification[] {
  const { NotificationConfiguration } = readProperties(resource, bucketSchema);
  if (!NotificationConfiguration) return [];
  const { LambdaConfigurations, QueueConfigurations } = NotificationConfiguration;
  const all = [
    ...LambdaConfigurations.map((each) => ({ ...each, targetArn: each.Function })),
    ...QueueConfigurations.map((each) => ({ ...each, targetArn: each.Queue })),
  ];
  return all.map(({ Event, Filter, targetArn }, index) => ({
    id: `${resource.logicalId}-${index}`,
    bucket: resource.name,
    events: [Event],
    rules: (Filter?.S3Key.Rules ?? []).map(ruleOf),
    targetArn,
    isTested: true,
  }));
}

function ofCustom(resource: ResolvedResource): LocalNotification[] {
  const properties = readProperties(resource, customSchema);
  const { LambdaFunctionConfigurations, QueueConfigurations } =
    properties.NotificationConfiguration;
  const all = [
    ...LambdaFunctionConfigurations.map((each) => ({ ...each, targetArn: each.LambdaFunctionArn })),
    ...QueueConfigurations.map((each) => ({ ...each, targetArn: each.QueueArn })),
  ];
  return all.map(({ Id, Events, Filter, targetArn }, index) => ({
    id: Id ?? `${resource.logicalId}-${index}`,
    bucket: properties.BucketName,
    events: Events,
    rules: (Filter?.Key?.FilterRules ?? []).map(ruleOf),
    targetArn,
    isTested: !properties.SkipDestinationValidation,
  }));
}

/** S3 takes the names of rules in any case. */
function ruleOf({ Name, Value }: z.infer<typeof rules>[number]) {
  return { name: Name.toLowerCase(), value: Value };
}
