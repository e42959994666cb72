/** Roles of the template, with their policies. */
import * as z from 'zod/mini';
import type { ResolvedResource, Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';

/** A policy with its references resolved. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

export interface LocalRole {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Who may assume the role. */
  readonly trust: PolicyDocument;
  /** Inline policies, and those of `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`. */
  readonly policies: readonly PolicyDocument[];
  /** Policies from outside the template, for example AWS managed policies. */
  readonly managedPolicyArns: readonly string[];
}

const names = z.optional(z.array(z.string()));
const statement = z.record(z.string(), z.unknown());

/** A policy; a single statement need not be in a list. */
export const policyDocument = z.object({
  Version: z.optional(z.string()),
  Statement: z.pipe(
    z.union([z.array(statement), statement]),
    z.transform((statements): Readonly<Record<string, unknown>>[] =>
      Array.isArray(statements) ? statements : [statements],
    ),
  ),
});

const roleSchema = z.strictObject({
  AssumeRolePolicyDocument: policyDocument,
  Policies: z.optional(z.array(z.object({ PolicyDocument: policyDocument }))),
  ManagedPolicyArns: names,
  RoleName: withoutEffect,
  Path: withoutEffect,
  Description: withoutEffect,
  MaxSessionDuration: withoutEffect,
  PermissionsBoundary: withoutEffect,
  Tags: withoutEffect,
});

const policySchema = z.object({ PolicyDocument: policyDocument, Roles: names });

export function rolesOf(resolver: Resolver): LocalRole[] {
  const attached = resolver
    .resources('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
    .map((resource) => ({ ...readProperties(resource, policySchema), ref: resource.ref }));
  return resolver.resources('AWS::IAM::Role').map((resource) => {
    const {
      Policies = [],
      ManagedPolicyArns = [],
      ...properties
    } = readProperties(resource, roleSchema);
    const ofTemplate = attached.filter(
      ({ Roles = [], ref }) => Roles.includes(resource.name) || ManagedPolicyArns.includes(ref),
    );
    return {
      logicalId: resource.logicalId,
      name: resource.name,
      arn: arnOf(resource),
      trust: properties.AssumeRolePolicyDocument,
      policies: [...Policies, ...ofTemplate].map((policy) => policy.PolicyDocument),
      managedPolicyArns: ManagedPolicyArns.filter(
        (arn) => !ofTemplate.some(({ ref }) => ref === arn),
      ),
    };
  });
}

function arnOf({ attributes }: ResolvedResource): string {
  return attributes.Arn ?? '';
}

/** Finds the logical ids of roles. */
export interface RoleIds {
  /** @throws UnsupportedTemplateError if the template has no such role */
  byArn(arn: string): string;
}

export function roleIdsOf(roles: readonly LocalRole[]): RoleIds {
  return {
    byArn(arn) {
      const found = roles.find((role) => role.arn === arn);
      if (found) return found.logicalId;
      throw new UnsupportedTemplateError(`the template has no role ${arn}`);
    },
  };
}
