/** Queues that invoke functions: the event source mappings of the template. */
import * as z from 'zod/mini';
import type { LocalFunction } from '../../types.ts';
import type { ResolvedResource, Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { text, truth, whole, withoutEffect } from './fields.ts';
import type { LocalQueue } from './queues.ts';
import { readProperties } from './read.ts';

/** A queue that invokes a function. */
export interface LocalEventSource {
  readonly logicalId: string;
  readonly queueArn: string;
  readonly functionArn: string;
  /** Logical id of the function's role, which receives and deletes the messages. */
  readonly roleId: string;
  readonly isEnabled: boolean;
  /** Maximum number of messages in one invocation. */
  readonly batchSize: number;
  /** How long to collect a batch, milliseconds. */
  readonly batchingWindowMs: number;
  /** Whether the function reports which messages failed. */
  readonly reportsBatchItemFailures: boolean;
  /** Maximum number of concurrent invocations. */
  readonly maximumConcurrency?: number;
}

/** Refuses every other property, for example FilterCriteria. */
const eventSourceSchema = z.strictObject({
  EventSourceArn: text,
  FunctionName: text,
  Enabled: z._default(truth, true),
  BatchSize: z._default(whole, 10),
  MaximumBatchingWindowInSeconds: z._default(whole, 0),
  FunctionResponseTypes: z._default(z.array(z.literal('ReportBatchItemFailures')), []),
  ScalingConfig: z.optional(z.strictObject({ MaximumConcurrency: z.optional(whole) })),
  KmsKeyArn: withoutEffect,
  LoggingConfig: withoutEffect,
  MetricsConfig: withoutEffect,
  ProvisionedPollerConfig: withoutEffect,
  Tags: withoutEffect,
});
type Properties = z.infer<typeof eventSourceSchema>;

/** @throws UnsupportedTemplateError for what cannot be polled here, and for settings that AWS refuses */
export function eventSourcesOf(
  resolver: Resolver,
  functions: readonly LocalFunction[],
  queues: readonly LocalQueue[],
): LocalEventSource[] {
  return resolver.resources('AWS::Lambda::EventSourceMapping').map((resource) => {
    const service = String(resource.properties.EventSourceArn).split(':')[2];
    if (service !== 'sqs') throw refused(resource, sourceOf(resource));
    const properties = readProperties(resource, eventSourceSchema);
    const { EventSourceArn, FunctionName } = properties;
    const queue = queues.find(({ arn }) => arn === EventSourceArn);
    if (!queue) throw refused(resource, `the template does not have its queue ${EventSourceArn}`);
    const fn = functions.find(({ name, arn }) => [name, arn].includes(FunctionName));
    if (!fn) throw refused(resource, `the template does not have its function ${FunctionName}`);
    const [reason] = refusals(properties, queue, fn);
    if (reason !== undefined) throw refused(resource, reason);
    return {
      logicalId: resource.logicalId,
      queueArn: queue.arn,
      functionArn: fn.arn,
      roleId: fn.roleId,
      isEnabled: properties.Enabled,
      batchSize: properties.BatchSize,
      batchingWindowMs: properties.MaximumBatchingWindowInSeconds * 1000,
      reportsBatchItemFailures: properties.FunctionResponseTypes.length > 0,
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency,
    };
  });
}

function sourceOf({ properties }: ResolvedResource): string {
  const source =
    properties.EventSourceArn === undefined
      ? Object.keys(properties).find((name) => /EventSource/.test(name))
      : JSON.stringify(properties.EventSourceArn);
  return `only SQS queues are polled, not ${source ?? 'a source without EventSourceArn'}`;
}

/**
 * What CreateEventSourceMapping refuses
 * (https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
function refusals(properties: Properties, queue: LocalQueue, fn: LocalFunction): string[] {
  const { BatchSize, MaximumBatchingWindowInSeconds: window } = properties;
  const { MaximumConcurrency: concurrency } = properties.ScalingConfig ?? {};
  const isFifo = queue.attributes.FifoQueue === 'true';
  const visibility = Number(queue.attributes.VisibilityTimeout ?? 30);
  const timeout = fn.timeoutMs / 1000;
  const checks: [boolean, string][] = [
    [BatchSize < 1 || BatchSize > 10_000, `BatchSize is ${BatchSize}, not 1 to 10000`],
    [isFifo && BatchSize > 10, `BatchSize is ${BatchSize}; a FIFO queue allows 10`],
    [
      BatchSize > 10 && window === 0,
      `BatchSize is ${BatchSize}; more than 10 need a MaximumBatchingWindowInSeconds`,
    ],
    [window > 300, `MaximumBatchingWindowInSeconds is ${window}, not 0 to 300`],
    [isFifo && window > 0, 'MaximumBatchingWindowInSeconds is not for FIFO queues'],
    [
      concurrency !== undefined && (concurrency < 2 || concurrency > 1000),
      `MaximumConcurrency is ${concurrency}, not 2 to 1000`,
    ],
    [
      visibility < timeout,
      `the queue's VisibilityTimeout of ${visibility} s is less than the function's Timeout of ${timeout} s`,
    ],
  ];
  return checks.filter(([isWrong]) => isWrong).map(([, reason]) => reason);
}

function refused({ logicalId, type }: ResolvedResource, reason: string): UnsupportedTemplateError {
  return new UnsupportedTemplateError(`${logicalId} (${type}) cannot run here: ${reason}`);
}
