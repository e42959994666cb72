/** Starts the watchdog, and tells it what to remove. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { NotChecked } from './outcomes.ts';
import type { AccountOptions } from './stack-of-account.ts';
import type { Guard } from './temporary-objects.ts';
import type { WatchdogLine } from './watchdog.ts';

/** Creates a guard, whose process starts when there is something to remove. */
export function createGuard(account: Omit<AccountOptions, 'stack'>): Guard {
  let watchdog: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();
  const tell = async (line: WatchdogLine) => {
    watchdog?.stdin?.write(`${JSON.stringify(line)}\n`);
    const answer = watchdog?.stdout && once(watchdog.stdout, 'data');
    const first = await Promise.race([answer, exited.then(() => undefined)]);
    if (first === undefined) {
      throw new NotChecked('the process that removes objects after a kill does not run');
    }
  };
  return {
    async note(place) {
      if (watchdog === undefined) {
        watchdog = startWatchdog();
        exited = once(watchdog, 'exit');
        await tell({ account });
      }
      await tell({ place });
    },
    async end() {
      if (watchdog === undefined || watchdog.exitCode !== null) return;
      watchdog.stdin?.end(`${JSON.stringify({ ended: true } satisfies WatchdogLine)}\n`);
      await exited;
      watchdog = undefined;
    },
  };
}

/** In its own session, so that neither Ctrl-C nor a killed process group ends it. */
function startWatchdog(): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'watchdog.ts')], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}
