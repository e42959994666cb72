/** `npm run teardown`: deletes the deployed stack. */
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseTeardownOptions, TeardownUsageError, teardownHelp } from './options.ts';
import { teardownTiming } from './stop-executions.ts';
import { teardown } from './teardown.ts';

const interrupt = new AbortController();
const { signal } = interrupt;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // A second signal ends the process at once.
  process.once(name, () => interrupt.abort());
}

try {
  const options = parseTeardownOptions(process.argv.slice(2));
  if (options.wantsHelp) console.log(teardownHelp);
  else if (options.isConfirmed || process.stdin.isTTY) {
    await teardown(options, {
      print: console.log,
      ask,
      now: () => performance.now(),
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
      signal,
      timing: teardownTiming,
      destroyCommand: ['npx', 'cdk', 'destroy'],
    });
  } else throw new TeardownUsageError('there is no terminal to ask on; confirm with --yes');
} catch (error) {
  process.exitCode = exitCodeOf(error);
  console.error(signal.aborted ? 'interrupted' : describe(error));
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.on('SIGINT', () => interrupt.abort());
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
  }
}

function exitCodeOf(error: unknown): number {
  if (signal.aborted) return 130;
  return error instanceof TeardownUsageError ? 2 : 1;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof TeardownUsageError) return `${error.message}\n\n${teardownHelp}`;
  return error.name === 'TeardownError' ? error.message : `${error.name}: ${error.message}`;
}
