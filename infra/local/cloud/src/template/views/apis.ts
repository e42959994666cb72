/** REST APIs of the template, each with its stage and API keys. */
import * as z from 'zod/mini';
import { idFrom } from '../physical-name.ts';
import type { ResolvedResource, Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { text, truth, withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';

export interface LocalApiKey {
  readonly logicalId: string;
  readonly id: string;
  /** The value of the `x-api-key` header; generated if the template does not set it. */
  readonly value: string;
}

/** A REST API, deployed to one stage. */
export interface LocalApi {
  readonly logicalId: string;
  readonly id: string;
  readonly stage: string;
  readonly deploymentId: string;
  /** Null without variables, as in the event. */
  readonly stageVariables: Readonly<Record<string, string>> | null;
  /** The OpenAPI document, references of the template resolved. */
  readonly document: unknown;
  /** Media types whose bodies are passed on as bytes. */
  readonly binaryMediaTypes: readonly string[];
  /** Keys of the stage's usage plans. */
  readonly apiKeys: readonly LocalApiKey[];
}

/** Refuses every other property, for example documents in S3. */
const apiSchema = z.strictObject({
  Body: z.record(z.string(), z.unknown()),
  BinaryMediaTypes: z._default(z.array(z.string()), []),
  FailOnWarnings: withoutEffect,
  Name: withoutEffect,
  Description: withoutEffect,
  EndpointConfiguration: withoutEffect,
  Parameters: withoutEffect,
  Tags: withoutEffect,
});

/** Refuses every other property, for example caches. */
const stageSchema = z.strictObject({
  RestApiId: text,
  StageName: text,
  DeploymentId: text,
  Variables: z.optional(z.record(z.string(), text)),
  AccessLogSetting: withoutEffect,
  Description: withoutEffect,
  DocumentationVersion: withoutEffect,
  MethodSettings: withoutEffect,
  Tags: withoutEffect,
  TracingEnabled: withoutEffect,
});

const planSchema = z.object({
  ApiStages: z._default(z.array(z.object({ ApiId: text, Stage: text })), []),
});
const planKeySchema = z.object({ KeyId: text, UsagePlanId: text });
const keySchema = z.object({ Enabled: z._default(truth, false), Value: z.optional(text) });

/** Length of a generated key, characters. */
const KEY_LENGTH = 40;

export function apisOf(resolver: Resolver): LocalApi[] {
  const stages = resolver
    .resources('AWS::ApiGateway::Stage')
    .map((resource) => readProperties(resource, stageSchema));
  return resolver.resources('AWS::ApiGateway::RestApi').map((resource) => {
    const { Body, BinaryMediaTypes } = readProperties(resource, apiSchema);
    const { logicalId, ref: id } = resource;
    const [stage, ...others] = stages.filter(({ RestApiId }) => RestApiId === id);
    if (!stage || others.length > 0) {
      throw new UnsupportedTemplateError(`${logicalId} must have exactly one stage`);
    }
    return {
      logicalId,
      id,
      stage: stage.StageName,
      deploymentId: stage.DeploymentId,
      stageVariables: stage.Variables ?? null,
      document: Body,
      binaryMediaTypes: BinaryMediaTypes,
      apiKeys: apiKeysOf(resolver, id, stage.StageName),
    };
  });
}

function apiKeysOf(resolver: Resolver, apiId: string, stage: string): LocalApiKey[] {
  const isPlanned = ({ ApiId, Stage }: { ApiId: string; Stage: string }) =>
    ApiId === apiId && Stage === stage;
  const plans = resolver
    .resources('AWS::ApiGateway::UsagePlan')
    .filter((plan) => readProperties(plan, planSchema).ApiStages.some(isPlanned))
    .map(({ ref }) => ref);
  const keyIds = resolver
    .resources('AWS::ApiGateway::UsagePlanKey')
    .map((resource) => readProperties(resource, planKeySchema))
    .filter(({ UsagePlanId }) => plans.includes(UsagePlanId))
    .map(({ KeyId }) => KeyId);
  return resolver
    .resources('AWS::ApiGateway::ApiKey')
    .filter(({ ref }) => keyIds.includes(ref))
    .flatMap(apiKeyOf);
}

function apiKeyOf(resource: ResolvedResource): LocalApiKey[] {
  const { logicalId, ref: id } = resource;
  const { Enabled, Value: value = idFrom(`key/${id}`, KEY_LENGTH) } = readProperties(
    resource,
    keySchema,
  );
  return Enabled ? [{ logicalId, id, value }] : [];
}
