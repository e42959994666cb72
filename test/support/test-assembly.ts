/** Assemblies with bundles, each synthesised once for all test files that run it. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { synthesise } from '../../infra/local/cli/synthesise.ts';

const root = join(import.meta.dirname, '../..');
/** In the repository, where bundles find what they import at run time. */
const parent = join(root, '.local');

/** What an assembly is made of. */
const sources = ['functions', 'shared', 'infra', 'package-lock.json', 'cdk.json', 'tsconfig.json'];

/** The simulator's key has no limit, except in tests of the quota. */
const unlimited = { quotaPerMinute: 'none', quotaPerDay: 'none', quotaPerMonth: 'none' };

const POLL_MS = 200;
/** A synthesis takes seconds, a minute on a busy machine; what is older was left by a killed run. */
const STALE_MS = 180_000;
const HOUR_MS = 3_600_000;

/** The cloud assembly of the stack as it would be deployed. @returns its directory */
export function testAssembly(): Promise<string> {
  return sharedDirectory('', (directory) => synthesise(directory, unlimited));
}

/**
 * A directory that is made from the sources as they are now, by whichever test file asks first; later runs find
 * it again until a source changes.
 *
 * @param own - what else it is made from
 * @param make - fills an empty directory
 * @returns the directory, which must not be changed
 */
export async function sharedDirectory(own: string, make: Make): Promise<string> {
  await mkdir(parent, { recursive: true });
  const directory = join(parent, `test-${await fingerprint(own)}`);
  while (!(await exists(directory))) {
    if (await lock(`${directory}.lock`)) await makeOnce(directory, make);
    else await sleep(POLL_MS);
  }
  return directory;
}

type Make = (directory: string) => Promise<void>;

async function makeOnce(directory: string, make: Make): Promise<void> {
  try {
    if (await exists(directory)) return;
    await removeOld();
    const unfinished = await mkdtemp(join(parent, 'synth-'));
    await make(unfinished);
    await rename(unfinished, directory);
  } finally {
    await rm(`${directory}.lock`, { force: true });
  }
}

async function lock(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch {
    if ((await ageMs(path)) > STALE_MS) await rm(path, { force: true });
    return false;
  }
}

/** Assemblies of sources that are gone. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const isOurs = /^(?:test|synth)-/.test(name);
    if (isOurs && (await ageMs(path)) > HOUR_MS) await rm(path, { recursive: true, force: true });
  }
}

async function fingerprint(own: string): Promise<string> {
  const hash = createHash('sha256').update(process.version).update(own);
  for (const source of sources) {
    for (const path of await filesOf(join(root, source))) {
      hash.update(path).update(await readFile(path));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  // The local run is no part of what is deployed.
  if (path.endsWith(join('infra', 'local'))) return [];
  const names = await readdir(path);
  const below = await Promise.all(names.sort().map((name) => filesOf(join(path, name))));
  return below.flat();
}

async function exists(path: string): Promise<boolean> {
  return (await ageMs(path)) >= 0;
}

/** -1: there is no such file. */
async function ageMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? -1 : Math.max(0, Date.now() - found.mtimeMs);
}
