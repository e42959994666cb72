/** Cloud assemblies for tests: the real stack's without bundles, and such as the test writes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStack, loadAssembly } from '@local/cloud';
import { createConnectorApp } from '../../infra/connector-app.ts';

/** The connector's stack. @param context - as if given by `-c name=value` */
export function connectorStack(context: Readonly<Record<string, unknown>> = {}): LocalStack {
  return inDirectory((outdir) => {
    createConnectorApp({
      outdir,
      context: { ...context, 'aws:cdk:bundling-stacks': [] },
    }).app.synth();
    return loadAssembly(outdir);
  });
}

/** A stack named `Stack` with these resources, or of a whole template. */
export function stackOf(
  resources: Readonly<Record<string, unknown>>,
  rest: Readonly<Record<string, unknown>> = {},
): LocalStack {
  return inDirectory((directory) => {
    writeAssembly(directory, { Resources: resources, ...rest });
    return loadAssembly(directory);
  });
}

/** Writes an assembly of stacks with the same template. */
export function writeAssembly(
  directory: string,
  template: unknown,
  stackNames: readonly string[] = ['Stack'],
): void {
  mkdirSync(directory, { recursive: true });
  const artifacts = Object.fromEntries(
    stackNames.map((name) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'template.json', stackName: name },
      },
    ]),
  );
  const tree = { Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } } };
  const manifest = { version: '55.0.0', artifacts: { ...tree, ...artifacts } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(directory, 'template.json'), JSON.stringify(template));
}

/** Calls with a new directory, and removes it. */
export function inDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'virustotal-connector-assembly-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
