/** The command `npm run verify`, apart from the local run that it may start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, createInterrupt } from '../command-line/interrupt.ts';
import { printable, printableLines } from '../command-line/printable.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { checks } from './checks/all.ts';
import { parseVerifyOptions, type VerifyOptions, verifyHelp } from './options.ts';
import { NotChecked } from './outcomes.ts';
import type { LocalRun } from './stack-of-account.ts';
import { verify } from './verify.ts';

/** Of a table that goes to a file or a pipe, characters. */
const PIPED_WIDTH = 120;

/** A local run, found or started. */
export interface OpenedLocalRun extends LocalRun {
  /** Ends it if it was started. */
  close(): Promise<void>;
}

/** Finds the local run, or starts one. */
export type OpenLocalRun = (
  options: VerifyOptions,
  progress: (text: string) => void,
  signal: AbortSignal,
) => Promise<OpenedLocalRun>;

/**
 * Runs the command.
 *
 * @returns the exit code
 */
export async function verifyCommand(
  args: readonly string[],
  openLocalRun: OpenLocalRun,
): Promise<number> {
  const interrupt = createInterrupt();
  const { signal } = interrupt;
  // Standard output has only the results.
  const progress = (text: string) => console.error(printable(text));
  try {
    const options = parseVerifyOptions(args);
    if (options === 'help') console.log(verifyHelp);
    else if (options === 'list') console.log(listOfChecks());
    else {
      const local = options.local ? await openLocalRun(options, progress, signal) : undefined;
      try {
        return await verify(
          options,
          { ...options, local },
          {
            print: console.log,
            progress,
            width: process.stdout.columns ?? PIPED_WIDTH,
            signal,
            sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
            ask: process.stdin.isTTY ? (question) => ask(question, interrupt) : undefined,
          },
        );
      } finally {
        await local?.close();
      }
    }
    return 0;
  } catch (error) {
    return explainFailure(error, signal);
  }
}

function listOfChecks(): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  return checks.map(({ id, proves }) => `${id.padEnd(width)}  ${proves}`).join('\n');
}

/** Errors whose message is enough. */
const plain: ReadonlySet<string> = new Set(['NotRunningError', 'LocalRunError', '']);

function nameOfError(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function explainFailure(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    console.error('interrupted');
    return 3;
  }
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError) {
    console.error(printableLines(`${text}\n\n${verifyHelp}`));
    return 2;
  }
  const named =
    error instanceof NotChecked || plain.has(nameOfError(error))
      ? text
      : `${nameOfError(error)}: ${text}`;
  console.error(printableLines(`could not be checked: ${named}`));
  return 3;
}
