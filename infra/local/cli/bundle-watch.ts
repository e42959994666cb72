/** Rebuilds the functions' bundles when a source file changes. */
import { cp, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LocalFunction } from '@local/cloud';
import { stop } from 'esbuild';
import { prepareBundles } from '../../bundle/bundle-cache.ts';
import { type FolderWatch, watchFolders } from './folder-watch.ts';

const root = join(import.meta.dirname, '../../..');

/** Folders of the functions' sources. */
const SOURCES = ['functions', 'shared'];

/** Which functions are watched, and who is informed. */
export interface BundleWatchOptions {
  readonly functions: readonly LocalFunction[];
  /** The bundle of a function has changed. */
  readonly onChange: (fn: LocalFunction) => void;
  /** The sources do not build; the last bundles stay in use. */
  readonly onError: (message: string) => void;
}

/** Watches the sources of all functions. */
export function watchBundles({ functions, onChange, onError }: BundleWatchOptions): FolderWatch {
  const folders = SOURCES.map((folder) => join(root, folder));
  return watchFolders(folders, () =>
    updateBundles(functions, onChange).catch((error) => onError(messageOf(error))),
  );
}

/** Replaces the bundles that differ from those in use. */
async function updateBundles(
  functions: readonly LocalFunction[],
  onChange: (fn: LocalFunction) => void,
): Promise<void> {
  // esbuild keeps a process until it is stopped.
  const bundles = await prepareBundles('silent').finally(stop);
  for (const fn of functions) {
    const bundle = join(bundles, await stemOf(fn));
    const [latest, current] = await Promise.all([codeIn(bundle), codeIn(fn.directory)]);
    if (latest.equals(current)) continue;
    await cp(bundle, fn.directory, { recursive: true });
    onChange(fn);
  }
}

const codeIn = (directory: string) => readFile(join(directory, 'index.mjs'));

/** Stem of the function's source file, which its source map names. */
async function stemOf({ directory }: LocalFunction): Promise<string> {
  const map = JSON.parse(await readFile(join(directory, 'index.mjs.map'), 'utf8'));
  const sources: readonly string[] = map.sources;
  const source = sources.findLast((path) => /(^|\/)functions\/[^/]+\.ts$/.test(path));
  if (!source) throw new Error(`the source map in ${directory} names no file of functions/`);
  return basename(source, '.ts');
}

/** esbuild's message starts with a line that only counts the errors. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.split('\n').slice(0, 2).join(' ');
}
