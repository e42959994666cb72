/** Where a local run keeps its cloud assembly: in the repository, so that bundles find `node_modules`. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const parent = join(import.meta.dirname, '../../../.local');

/** Creates a directory for this process, and removes those of runs that were killed. */
export async function createWorkDirectory(): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    const isLeft = pid !== undefined && !isAlive(Number(pid));
    if (isLeft) await rm(join(parent, name), { recursive: true, force: true });
  }
  return mkdtemp(join(parent, `run-${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
