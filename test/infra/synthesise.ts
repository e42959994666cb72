/** Synthesises the app in this process, without bundles. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { createConnectorApp } from '../../infra/connector-app.ts';

/** A template, or an object in it, that a test reads or changes. */
export type TemplateJson = ReturnType<Template['toJSON']>;

/** What a synthesis gave. */
export interface Synthesised {
  readonly template: Template;
  /** Messages of the warnings that `cdk synth` shows. */
  readonly warnings: readonly string[];
}

/**
 * Makes the app and its template; the checks of cdk-nag run too, and fail it.
 *
 * @param context - as if given by `-c name=value`
 */
export function synthesise(context: Readonly<Record<string, unknown>> = {}): Synthesised {
  if (Object.keys(context).length > 0) return synthesiseWith(context);
  plain ??= synthesiseWith({});
  return plain;
}

/** Most files ask for the stack without any context; they share it. */
let plain: Synthesised | undefined;

function synthesiseWith(context: Readonly<Record<string, unknown>>): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'virustotal-connector-synth-'));
  try {
    const { app, stack } = createConnectorApp({
      outdir,
      context: { ...context, 'aws:cdk:bundling-stacks': [] },
    });
    const { messages } = app.synth().getStackByName(stack.stackName);
    const warnings = messages.filter(({ level }) => level === 'warning');
    return {
      template: Template.fromStack(stack),
      warnings: warnings.map(({ entry }) => String(entry.data)),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/**
 * The properties of the only resource of a type whose logical id starts so.
 *
 * @throws Error unless there is exactly one
 */
export function propertiesOf(template: Template, type: string, prefix = '') {
  const found = Object.entries(template.findResources(type)).filter(([id]) =>
    id.startsWith(`VirusTotalConnector${prefix}`),
  );
  const [only, ...others] = found;
  if (!only || others.length > 0) throw new Error(`${found.length} of ${type} ${prefix}`);
  return only[1].Properties;
}

/** The statements of a function's role, in order. */
export function statementsOf(template: Template, id: string) {
  const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy', `${id}Role`);
  return PolicyDocument.Statement;
}
