/** Functions of the template. */
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { LocalFunction } from '../../types.ts';
import type { ResolvedResource, Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { text, whole, withoutEffect } from './fields.ts';
import { NOTIFICATIONS } from './notifications.ts';
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
  LoggingConfig: z.optional(z.object({ LogGroup: z.optional(text) })),
  RecursiveLoop: z.optional(z.enum(['Allow', 'Terminate'])),
  ReservedConcurrentExecutions: withoutEffect,
  RuntimeManagementConfig: withoutEffect,
  Tags: withoutEffect,
  TracingConfig: withoutEffect,
});

/**
 * Lists the functions, without those that only create notifications of buckets, which the local run does itself.
 *
 * @param directory - of the assembly, which contains the bundles
 */
export function functionsOf(
  resolver: Resolver,
  directory: string,
  roleIds: RoleIds,
): LocalFunction[] {
  const providers = resolver
    .resources(NOTIFICATIONS)
    .map(({ properties }) => properties.ServiceToken);
  const functions = resolver
    .resources('AWS::Lambda::Function')
    .filter(({ attributes }) => !providers.includes(attributes.Arn));
  return functions.map((resource) => {
    const { logicalId, name, attributes } = resource;
    const properties = readProperties(resource, functionSchema);
    return {
      logicalId,
      name,
      arn: attributes.Arn ?? '',
      roleId: roleIds.byArn(properties.Role),
      directory: bundleOf(resource, directory),
      runtime: properties.Runtime,
      handler: properties.Handler,
      timeoutMs: properties.Timeout * 1000,
      memoryMiB: properties.MemorySize,
      logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      allowsRecursion: properties.RecursiveLoop === 'Allow',
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
