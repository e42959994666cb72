/** Bundles the candidates and the baselines into a temporary directory. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/bundle/options.ts';

/** Root of the repository. */
export const root = join(import.meta.dirname, '../..');

/** A bundle that can be measured. */
export interface Bundle {
  readonly name: string;
  /** Path of the module that exports `handler`. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Bundles a function exactly as it is deployed.
 *
 * @param stem - of the file in `functions/`
 * @param directory - temporary
 */
export async function bundleFunction(stem: string, directory: string): Promise<Bundle> {
  const outdir = join(directory, stem);
  const options = bundleOptions({ index: join(root, 'functions', `${stem}.ts`) }, outdir);
  const { metafile } = await build({ ...options, absWorkingDir: root });
  return { name: stem, file: join(outdir, 'index.mjs'), bytes: bytesOf(metafile.outputs) };
}

/** The same function as it is usually built: see `baselines/usual.ts`. */
export async function bundleUsual(directory: string): Promise<Bundle> {
  const outfile = join(directory, 'usual.cjs');
  const { metafile } = await build({
    entryPoints: [join(root, 'test/bench/baselines/usual.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    metafile: true,
    absWorkingDir: root,
  });
  return { name: 'usual build', file: outfile, bytes: bytesOf(metafile.outputs) };
}

/** The least that a function can be. */
export async function bundleEmpty(directory: string): Promise<Bundle> {
  const outfile = join(directory, 'empty.mjs');
  const { metafile } = await build({
    entryPoints: [join(root, 'test/bench/baselines/empty.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    metafile: true,
    absWorkingDir: root,
  });
  return { name: 'empty handler', file: outfile, bytes: bytesOf(metafile.outputs) };
}

function bytesOf(outputs: Readonly<Record<string, { bytes: number }>>): number {
  return Object.entries(outputs)
    .filter(([path]) => !path.endsWith('.map'))
    .reduce((sum, [, { bytes }]) => sum + bytes, 0);
}
