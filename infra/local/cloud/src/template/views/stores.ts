/** Secrets and tables of the template. */
import * as z from 'zod/mini';
import type { Resolver } from '../resolver.ts';
import { text, withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';

export interface LocalSecret {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** @default none: the secret has no value until PutSecretValue is called */
  readonly value?: string;
}

export interface LocalTableResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** References are resolved; the DynamoDB service reads them. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Refuses every other property, for example generated values. */
const secretSchema = z.strictObject({
  SecretString: z.optional(text),
  Name: withoutEffect,
  Description: withoutEffect,
  KmsKeyId: withoutEffect,
  ReplicaRegions: withoutEffect,
  Tags: withoutEffect,
});

export function secretsOf(resolver: Resolver): LocalSecret[] {
  return resolver.resources('AWS::SecretsManager::Secret').map((resource) => {
    const { SecretString: value } = readProperties(resource, secretSchema);
    return { logicalId: resource.logicalId, name: resource.name, arn: resource.ref, value };
  });
}

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
