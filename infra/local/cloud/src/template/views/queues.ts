/** Queues of the template. */
import * as z from 'zod/mini';
import type { Resolver } from '../resolver.ts';
import { text, truth, whole, withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';

export interface LocalQueue {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** The URL on AWS; the local endpoint uses only the name at its end. */
  readonly url: string;
  /** Attributes of CreateQueue, all as strings. */
  readonly attributes: Readonly<Record<string, string>>;
  /** ARN of the queue for messages that were received too often. */
  readonly deadLetterArn?: string;
}

/** Properties that are also attributes of CreateQueue. */
const attributesSchema = {
  ContentBasedDeduplication: z.optional(truth),
  DelaySeconds: z.optional(whole),
  FifoQueue: z.optional(truth),
  MaximumMessageSize: z.optional(whole),
  MessageRetentionPeriod: z.optional(whole),
  ReceiveMessageWaitTimeSeconds: z.optional(whole),
  VisibilityTimeout: z.optional(whole),
};

const queueSchema = z.strictObject({
  ...attributesSchema,
  RedrivePolicy: z.optional(z.strictObject({ deadLetterTargetArn: text, maxReceiveCount: whole })),
  QueueName: withoutEffect,
  KmsDataKeyReusePeriodSeconds: withoutEffect,
  KmsMasterKeyId: withoutEffect,
  RedriveAllowPolicy: withoutEffect,
  SqsManagedSseEnabled: withoutEffect,
  Tags: withoutEffect,
});

/** Lists the queues, dead-letter queues first. */
export function queuesOf(resolver: Resolver): LocalQueue[] {
  const queues = resolver.resources('AWS::SQS::Queue').map((resource): LocalQueue => {
    const { RedrivePolicy, ...properties } = readProperties(resource, queueSchema);
    const attributes = Object.keys(attributesSchema).flatMap((name) => {
      const value = Object.entries(properties).find(([key]) => key === name)?.[1];
      return value === undefined ? [] : [[name, String(value)] as const];
    });
    return {
      logicalId: resource.logicalId,
      name: resource.name,
      arn: resource.attributes.Arn ?? '',
      url: resource.ref,
      attributes: {
        ...Object.fromEntries(attributes),
        ...(RedrivePolicy && { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
      },
      deadLetterArn: RedrivePolicy?.deadLetterTargetArn,
    };
  });
  const deadLetterArns = new Set(queues.map(({ deadLetterArn }) => deadLetterArn));
  const rank = ({ arn }: LocalQueue) => (deadLetterArns.has(arn) ? 0 : 1);
  return queues.toSorted((one, other) => rank(one) - rank(other));
}
