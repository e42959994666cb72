/** State machines of the template. */
import * as z from 'zod/mini';
import type { Resolver } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';
import { text, withoutEffect } from './fields.ts';
import { readProperties } from './read.ts';
import type { RoleIds } from './roles.ts';

export interface TemplateStateMachine {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Logical id of its role. */
  readonly roleId: string;
  /** JSON text in the Amazon States Language, with substitutions applied. */
  readonly definition: string;
}

/** Refuses every other property, for example definitions in S3, and express workflows. */
const machineSchema = z.strictObject({
  DefinitionString: z.optional(text),
  Definition: z.optional(z.record(z.string(), z.unknown())),
  DefinitionSubstitutions: z._default(z.record(z.string(), text), {}),
  RoleArn: text,
  StateMachineType: z.optional(z.literal('STANDARD')),
  StateMachineName: withoutEffect,
  EncryptionConfiguration: withoutEffect,
  LoggingConfiguration: withoutEffect,
  Tags: withoutEffect,
  TracingConfiguration: withoutEffect,
});

export function stateMachinesOf(resolver: Resolver, roleIds: RoleIds): TemplateStateMachine[] {
  return resolver.resources('AWS::StepFunctions::StateMachine').map((resource) => {
    const { logicalId, name, ref } = resource;
    const properties = readProperties(resource, machineSchema);
    const { Definition, DefinitionString = Definition && JSON.stringify(Definition) } = properties;
    if (DefinitionString === undefined) {
      throw new UnsupportedTemplateError(`${logicalId} (${resource.type}) has no definition`);
    }
    return {
      logicalId,
      name,
      arn: ref,
      roleId: roleIds.byArn(properties.RoleArn),
      definition: substituted(DefinitionString, properties.DefinitionSubstitutions),
    };
  });
}

function substituted(definition: string, values: Readonly<Record<string, string>>): string {
  return definition.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : placeholder,
  );
}
