/** Reads a cloud assembly: its manifest, and the template of its stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { UnsupportedTemplateError } from './unsupported.ts';

const record = z.record(z.string(), z.unknown());

const manifestSchema = z.object({
  artifacts: z.record(z.string(), z.object({ type: z.string(), properties: z.optional(record) })),
});

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.optional(record), Metadata: z.optional(record) }),
  ),
  Parameters: z.optional(
    z.record(z.string(), z.object({ Type: z.string(), Default: z.optional(z.unknown()) })),
  ),
  Conditions: z.optional(record),
  Outputs: z.optional(z.record(z.string(), z.object({ Value: z.unknown() }))),
  Transform: z.optional(z.unknown()),
});

/** A CloudFormation template with unresolved references. */
export type Template = z.infer<typeof templateSchema>;
export type TemplateResource = Template['Resources'][string];

/** A stack of a cloud assembly. */
export interface Assembly {
  /** Asset paths are relative to it. */
  readonly directory: string;
  readonly stackName: string;
  readonly template: Template;
}

const STACK = 'aws:cloudformation:stack';

/**
 * Reads the assembly that a synthesis wrote.
 *
 * @throws UnsupportedTemplateError when it does not have exactly one stack, or has conditions or macros
 */
export function readAssembly(directory: string): Assembly {
  const { artifacts } = manifestSchema.parse(readJson(directory, 'manifest.json'));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === STACK);
  const [only, ...others] = stacks;
  if (!only || others.length > 0) {
    const names = stacks.map(([name]) => name).join(', ') || 'none';
    throw new UnsupportedTemplateError(`The local run expects one stack; got ${names}.`);
  }
  const [id, { properties = {} }] = only;
  const template = templateSchema.parse(readJson(directory, String(properties.templateFile)));
  refuseUnsupported(template);
  return { directory, stackName: String(properties.stackName ?? id), template };
}

function refuseUnsupported({ Conditions: conditions = {}, Transform }: Template): void {
  const names = Object.keys(conditions);
  if (names.length > 0) {
    throw new UnsupportedTemplateError(
      `The local run does not support conditions; the template has ${names.join(', ')}.`,
    );
  }
  if (Transform !== undefined) {
    throw new UnsupportedTemplateError(
      'The local run does not support macros; the template has a Transform.',
    );
  }
}

function readJson(directory: string, file: string): unknown {
  return JSON.parse(readFileSync(join(directory, file), 'utf8'));
}
