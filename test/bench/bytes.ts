/** Bytes of every bundle, as it is deployed, against the usual build. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, bundleFunction, bundleUsual, root } from './build.ts';

/** Bundles every function. */
export async function bytes(directory: string): Promise<Bundle[]> {
  const stems = readdirSync(join(root, 'functions')).map((file) => file.replace(/\.ts$/, ''));
  const bundles: Bundle[] = [await bundleUsual(directory)];
  for (const stem of stems) bundles.push(await bundleFunction(stem, directory));
  return bundles;
}
