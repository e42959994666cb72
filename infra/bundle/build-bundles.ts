/** Bundles every function in one build, which reads what they share once. */
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type LogLevel, type Metafile } from 'esbuild';
import { bundleOptions } from './options.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Bundles every function into `<directory>/<stem>/index.mjs`, with its source map beside it.
 *
 * @returns esbuild's account of what it read and wrote
 */
export async function buildBundles(directory: string, logLevel: LogLevel): Promise<Metafile> {
  // A source map's paths are relative to the output: the same one everywhere makes the same bytes, and the
  // same asset hash.
  const outdir = join(root, 'cdk.out');
  const options = bundleOptions(Object.fromEntries(functionStems().map(entryOf)), outdir);
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: root,
    logLevel,
    write: false,
  });
  for (const { path, contents } of outputFiles) {
    const target = join(directory, relative(outdir, path));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
  return metafile;
}

/** Stems of the files in `functions/`. */
export function functionStems(): string[] {
  const files = readdirSync(join(root, 'functions'));
  return files.flatMap((file) => (file.endsWith('.ts') ? file.slice(0, -'.ts'.length) : []));
}

function entryOf(stem: string): [output: string, source: string] {
  return [`${stem}/index`, join(root, 'functions', `${stem}.ts`)];
}
