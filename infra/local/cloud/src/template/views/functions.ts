/** Functions of the template, and the queues that invoke them. */
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { LocalFunction } from '../../types.ts';
import type { ResolvedResource, Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { text, truth, whole, withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';
import type { RoleIds } from './roles.ts';

/** Refuses every other property, for example layers and networks. */
const functionSchema = z.strictObject({
  Handler: text,
  Role: text,
  Runtime: z.string().check(z.regex(/^nodejs/)),
  Timeout: z._default(whole, 3),
  MemorySize: z._default(whole, 128),
  Environment: z.optional(z.strictObject({ Variables: z.optional(z.record(z.string(), text)) })),
  PackageType: z.optional(z.literal('Zip')),
  FunctionName: withoutEffect,
  Code: withoutEffect,
  Architectures: withoutEffect,
  Description: withoutEffect,
  EphemeralStorage: withoutEffect,
  KmsKeyArn: withoutEffect,
  LoggingConfig: withoutEffect,
  RecursiveLoop: withoutEffect,
  ReservedConcurrentExecutions: withoutEffect,
  RuntimeManagementConfig: withoutEffect,
  Tags: withoutEffect,
  TracingConfig: withoutEffect,
});

/** @param directory - of the assembly, which contains the bundles */
export function functionsOf(
  resolver: Resolver,
  directory: string,
  roleIds: RoleIds,
): LocalFunction[] {
  return resolver.resources('AWS::Lambda::Function').map((resource) => {
    const { logicalId, name, attributes } = resource;
    const properties = readProperties(resource, functionSchema);
    return {
      logicalId,
      name,
      arn: attributes.Arn ?? '',
      roleId: roleIds.byArn(properties.Role),
      directory: bundleOf(resource, directory),
      handler: properties.Handler,
      timeoutMs: properties.Timeout * 1000,
      memoryMiB: properties.MemorySize,
      environment: properties.Environment?.Variables ?? {},
    };
  });
}

function bundleOf({ logicalId, type, metadata }: ResolvedResource, directory: string): string {
  const path = metadata['aws:asset:path'];
  if (typeof path === 'string') return resolve(directory, path);
  throw new UnsupportedTemplateError(
    `${logicalId} (${type}) has no bundle: its metadata lacks aws:asset:path`,
  );
}

/** A queue that invokes a function. */
export interface LocalEventSource {
  readonly logicalId: string;
  readonly queueArn: string;
  /** Name or ARN. */
  readonly functionName: string;
  readonly isEnabled: boolean;
  /** Maximum number of messages in one invocation. */
  readonly batchSize: number;
  /** How long to collect a batch, seconds. */
  readonly maximumBatchingWindowSeconds: number;
  /** Whether the function reports which messages failed. */
  readonly reportsBatchItemFailures: boolean;
  /** Maximum number of concurrent invocations. */
  readonly maximumConcurrency?: number;
}

const QUEUE_ARN = /^arn:aws:sqs:/;

const eventSourceSchema = z.strictObject({
  EventSourceArn: z.string().check(z.regex(QUEUE_ARN)),
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

export function eventSourcesOf(resolver: Resolver): LocalEventSource[] {
  return resolver.resources('AWS::Lambda::EventSourceMapping').map((resource) => {
    const properties = readProperties(resource, eventSourceSchema);
    return {
      logicalId: resource.logicalId,
      queueArn: properties.EventSourceArn,
      functionName: properties.FunctionName,
      isEnabled: properties.Enabled,
      batchSize: properties.BatchSize,
      maximumBatchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
      reportsBatchItemFailures: properties.FunctionResponseTypes.length > 0,
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency,
    };
  });
}
