/** Where a local run keeps its cloud assembly: in the repository, so that bundles find `node_modules`. */
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Holds the directories of all local runs. */
export const RUNS_DIRECTORY = join(import.meta.dirname, '../../.local');

/** The local run cannot write its files; the message names the folder and the reason. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/**
 * Creates a directory for this process, and removes those of runs that were killed.
 *
 * @param parent - where all runs have theirs
 * @throws FolderError
 */
export async function createWorkDirectory(parent = RUNS_DIRECTORY): Promise<string> {
  try {
    for (const folder of [parent, join(parent, 'bundles')]) {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
    }
    for (const { path, isAlive } of await workDirectories(parent)) {
      if (!isAlive) await rm(path, { recursive: true, force: true });
    }
    return await mkdtemp(join(parent, `run-${process.pid}-`));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FolderError(`the local run cannot keep its files in ${parent}: ${reason}`, { cause });
  }
}

/** Returns the directories of runs whose process is alive. */
export async function liveWorkDirectories(parent = RUNS_DIRECTORY): Promise<string[]> {
  const directories = await workDirectories(parent).catch(() => []);
  return directories.flatMap(({ path, isAlive }) => (isAlive ? path : []));
}

async function workDirectories(parent: string): Promise<{ path: string; isAlive: boolean }[]> {
  const names = await readdir(parent);
  return names.flatMap((name) => {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    return pid === undefined ? [] : { path: join(parent, name), isAlive: isAlive(Number(pid)) };
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
