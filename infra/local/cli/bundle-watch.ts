/** Bundles functions anew when their source changes. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { LocalFunction } from '@local/cloud';
import { type BuildContext, context } from 'esbuild';
import { bundleOptions } from '../../bundle/options.ts';

const root = join(import.meta.dirname, '../../..');

/** What a watch tells. */
export interface BundleWatchOptions {
  readonly functions: readonly LocalFunction[];
  /** The bundle of a function has changed. */
  readonly onChange: (fn: LocalFunction) => void;
  /** The source does not build; the last bundle stays. */
  readonly onError: (fn: LocalFunction, message: string) => void;
}

/** A watch that goes on until it is closed. */
export interface BundleWatch {
  close(): Promise<void>;
}

/** Watches the sources of all functions, and what they import. */
export async function watchBundles(options: BundleWatchOptions): Promise<BundleWatch> {
  const contexts = await Promise.all(options.functions.map((fn) => watch(fn, options)));
  return {
    async close() {
      await Promise.all(contexts.map((one) => one.dispose()));
    },
  };
}

async function watch(
  fn: LocalFunction,
  { onChange, onError }: BundleWatchOptions,
): Promise<BuildContext> {
  let last = await readFile(join(fn.directory, 'index.mjs'), 'utf8');
  const settings = bundleOptions(await entryOf(fn), fn.directory);
  const watching = await context({
    ...settings,
    absWorkingDir: root,
    logLevel: 'silent',
    plugins: [
      ...(settings.plugins ?? []),
      {
        name: 'tell',
        setup(build) {
          build.onEnd(async ({ errors }) => {
            const [error] = errors;
            if (error) return onError(fn, `${error.location?.file ?? ''}: ${error.text}`);
            const now = await readFile(join(fn.directory, 'index.mjs'), 'utf8');
            if (now === last) return;
            last = now;
            onChange(fn);
          });
        },
      },
    ],
  });
  await watching.watch();
  return watching;
}

/** The function's source, as its source map names it. */
async function entryOf({ directory }: LocalFunction): Promise<string> {
  const map = JSON.parse(await readFile(join(directory, 'index.mjs.map'), 'utf8'));
  const sources: readonly string[] = map.sources;
  const own = sources.findLast((source) => /(^|\/)functions\/[^/]+\.ts$/.test(source));
  if (!own) throw new Error(`${directory} has no source in functions/`);
  return resolve(root, 'functions', basename(own));
}
