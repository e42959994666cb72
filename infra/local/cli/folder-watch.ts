/** Watches folders and what is below them. */
import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Collects the changes of one save, milliseconds. */
const SETTLE_MS = 100;

/** Runs until it is closed. */
export interface FolderWatch {
  /** Waits for `onChange`, if it is running. */
  close(): Promise<void>;
}

/**
 * Calls `onChange` after each change, and never twice at the same time. At rest it has no timer.
 *
 * It watches folder by folder, as on Linux a recursive watch of Node.js loses a file that an editor
 * replaces.
 *
 * @param folders - absolute paths
 * @param onChange - must not reject
 */
export function watchFolders(
  folders: readonly string[],
  onChange: () => Promise<void>,
): FolderWatch {
  let isChanged = false;
  let work: Promise<void> | undefined;
  const handleChanges = async () => {
    while (isChanged) {
      await sleep(SETTLE_MS);
      isChanged = false;
      watchAgain();
      await onChange();
    }
  };
  const onEvent = () => {
    isChanged = true;
    work ??= handleChanges().finally(() => {
      work = undefined;
    });
  };
  let watchers: readonly FSWatcher[] = [];
  // The folders below may have come or gone.
  const watchAgain = () => {
    const outdated = watchers;
    watchers = folders.flatMap(foldersFrom).flatMap((folder) => watchFolder(folder, onEvent));
    for (const watcher of outdated) watcher.close();
  };
  watchAgain();
  return {
    async close() {
      await work;
      for (const watcher of watchers) watcher.close();
    },
  };
}

function watchFolder(folder: string, onEvent: () => void): FSWatcher[] {
  try {
    return [watch(folder, onEvent).on('error', onEvent)];
  } catch {
    // Removed since it was listed; its parent has an event, too.
    return [];
  }
}

function foldersFrom(top: string): string[] {
  try {
    const entries = readdirSync(top, { withFileTypes: true });
    const below = entries.filter((entry) => entry.isDirectory());
    return [top, ...below.flatMap(({ name }) => foldersFrom(join(top, name)))];
  } catch {
    return [];
  }
}
