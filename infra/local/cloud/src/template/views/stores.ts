/** Secrets and tables of the template. */
import * as z from 'zod/mini';
import type { Resolver } from '../resolver.ts';
import { text, withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';

/** A secret. */
export interface LocalSecret {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Left out: it has no value until one is put. */
  readonly value?: string;
}

/** A table. */
export interface LocalTableResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Resolved, for the engine to read. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Generated values the local run does not have. */
const secretSchema = z.strictObject({
  SecretString: z.optional(text),
  Name: withoutEffect,
  Description: withoutEffect,
  KmsKeyId: withoutEffect,
  ReplicaRegions: withoutEffect,
  Tags: withoutEffect,
});

/** The secrets. */
export function secretsOf(resolver: Resolver): LocalSecret[] {
  return resolver.resources('AWS::SecretsManager::Secret').map((resource) => {
    const { SecretString: value } = readProperties(resource, secretSchema);
    return { logicalId: resource.logicalId, name: resource.name, arn: resource.ref, value };
  });
}

/** The tables. */
export function tablesOf(resolver: Resolver): LocalTableResource[] {
  return resolver
    .resources('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')
    .map(({ logicalId, name, attributes, properties }) => ({
      logicalId,
      name,
      arn: attributes.Arn ?? '',
      properties,
    }));
}
