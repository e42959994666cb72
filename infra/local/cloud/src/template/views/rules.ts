/** Event buses of the template, and the rules on them. */
import * as z from 'zod/mini';
import type { EventRule } from '../../events/rule.ts';
import { ruleOfTemplate } from '../../events/template-rule.ts';
import type { Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { text, withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';
import type { LocalRole } from './roles.ts';

export interface LocalBus {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
}

export interface TemplateRule extends EventRule {
  readonly logicalId: string;
}

/** Refuses every other property, for example partner event sources. */
const busSchema = z.strictObject({
  Name: text,
  DeadLetterConfig: withoutEffect,
  Description: withoutEffect,
  KmsKeyIdentifier: withoutEffect,
  LogConfig: withoutEffect,
  Policy: withoutEffect,
  Tags: withoutEffect,
});

/** Lists the buses other than `default`. */
export function busesOf(resolver: Resolver): LocalBus[] {
  return resolver.resources('AWS::Events::EventBus').map((resource) => {
    const { Name: name } = readProperties(resource, busSchema);
    return { logicalId: resource.logicalId, name, arn: resource.attributes.Arn ?? '' };
  });
}

/** Lists the enabled rules; the roles of their targets are logical ids. */
export function rulesOf(resolver: Resolver, roles: readonly LocalRole[]): TemplateRule[] {
  return resolver.resources('AWS::Events::Rule').flatMap(({ logicalId, name, properties }) => {
    const rule = ruleOfTemplate(logicalId, { ...properties, Name: name });
    if (!rule) return [];
    const targets = rule.targets.map((target) => ({
      ...target,
      roleId: target.roleId === undefined ? undefined : roleIdByName(roles, target.roleId),
    }));
    return [{ ...rule, logicalId, targets }];
  });
}

function roleIdByName(roles: readonly LocalRole[], name: string): string {
  const found = roles.find((role) => role.name === name);
  if (found) return found.logicalId;
  throw new UnsupportedTemplateError(`the template has no role ${name}`);
}
