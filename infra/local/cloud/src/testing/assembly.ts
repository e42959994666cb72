/** Cloud assemblies that tests write. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStack, loadAssembly } from '../template/load-assembly.ts';

/** Loads a stack with these resources and, in `rest`, other sections of its template. */
export function stackOf(
  resources: Readonly<Record<string, unknown>>,
  rest: Readonly<Record<string, unknown>> = {},
): LocalStack {
  return inDirectory((directory) => {
    writeAssembly(directory, { Resources: resources, ...rest });
    return loadAssembly(directory);
  });
}

/** Writes an assembly whose stacks share one template. */
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

/** Calls `use` with a new directory, and removes the directory. */
export function inDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-assembly-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
