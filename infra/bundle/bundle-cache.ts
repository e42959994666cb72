/** Keeps the bundles of all functions in `.local/bundles`, by the content of what they are built from. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLevel } from 'esbuild';
import { buildBundles } from './build-bundles.ts';

const root = join(import.meta.dirname, '../..');
const cache = join(root, '.local/bundles');

/** Everything that decides the bytes of a bundle. The hidden lockfile lists what is really installed. */
export const bundleSources = [
  'functions',
  'shared',
  'infra/bundle',
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'tsconfig.json',
] as const;

/** How long unused bundles are kept, milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Returns where the bundles of the current sources are once they have been built. */
export function bundleDirectory(): string {
  // The Node.js version matters: see `builtins.ts`.
  const hash = createHash('sha256').update(process.version);
  for (const path of bundleSources.flatMap(filesOf)) {
    hash.update(JSON.stringify([path, readFileSync(join(root, path), 'utf8')]));
  }
  return join(cache, hash.digest('hex').slice(0, 32));
}

/**
 * Builds the bundles of the current sources unless they are in the cache.
 *
 * @param logLevel - what esbuild prints to standard error
 * @returns the directory with a subdirectory for each function, named by its stem; do not change it
 * @throws BuildFailure of esbuild when a source does not build
 */
export async function prepareBundles(logLevel: LogLevel = 'warning'): Promise<string> {
  for (;;) {
    const directory = bundleDirectory();
    if (existsSync(directory)) return directory;
    await mkdir(cache, { recursive: true });
    await removeOld();
    const unfinished = await mkdtemp(join(cache, 'unfinished-'));
    await buildBundles(unfinished, logLevel);
    const isCurrent = bundleDirectory() === directory;
    // Renaming fails when another process was faster; its bundles are the same.
    if (isCurrent) await rename(unfinished, directory).catch(() => undefined);
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const entry = await stat(path).catch(() => undefined);
    const isOld = entry !== undefined && Date.now() - entry.mtimeMs > KEPT_MS;
    if (isOld) await rm(path, { recursive: true, force: true });
  }
}

function filesOf(path: string): string[] {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  const names = readdirSync(absolute, { recursive: true, encoding: 'utf8' }).sort();
  // What an editor writes beside a source is none.
  return names.flatMap((name) => (/\.(?:ts|json)$/.test(name) ? `${path}/${name}` : []));
}
