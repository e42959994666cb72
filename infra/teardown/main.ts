/** `npm run teardown`: deletes the deployed stack. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, createInterrupt } from '../command-line/interrupt.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { parseTeardownOptions, teardownHelp } from './options.ts';
import { teardownTiming } from './stop-executions.ts';
import { teardown } from './teardown.ts';

const interrupt = createInterrupt();
const { signal } = interrupt;

try {
  const options = parseTeardownOptions(process.argv.slice(2));
  if (options.wantsHelp) console.log(teardownHelp);
  else if (options.isConfirmed || process.stdin.isTTY) {
    await teardown(options, {
      print: console.log,
      ask: (question) => ask(question, interrupt),
      now: () => performance.now(),
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
      signal,
      timing: teardownTiming,
      destroyCommand: ['npx', 'cdk', 'destroy'],
    });
  } else throw new UsageError('there is no terminal to ask on; confirm with --yes');
} catch (error) {
  process.exitCode = exitCodeOf(error);
  console.error(signal.aborted ? 'interrupted' : describe(error));
}

function exitCodeOf(error: unknown): number {
  if (signal.aborted) return 130;
  return error instanceof UsageError ? 2 : 1;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError) return `${error.message}\n\n${teardownHelp}`;
  return error.name === 'TeardownError' ? error.message : `${error.name}: ${error.message}`;
}
