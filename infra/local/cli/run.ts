/** Runs the connector on this machine, from start to stop. */
import { rm } from 'node:fs/promises';
import { type Clock, createClock, type RunningStack, runStack } from '@local/cloud';
import { externalResources } from '../external-resources.ts';
import { removeRunning, writeRunning } from '../running.ts';
import { printBanner } from './banner.ts';
import { watchBundles } from './bundle-watch.ts';
import { firstScan } from './first-scan.ts';
import type { FolderWatch } from './folder-watch.ts';
import { startIdleMemory } from './idle-memory.ts';
import { createPrintingListener } from './listener.ts';
import { shortName } from './names.ts';
import type { StartOptions } from './options.ts';
import { createStopSignal } from './stop-signal.ts';
import { synthesise } from './synthesise.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { startVirusTotal } from './virustotal.ts';
import { createWorkDirectory } from './work-directory.ts';

/** Time between two requests for the report of the first scan, milliseconds: a free key has 4 a minute. */
const LIVE_POLL_MS = 15_000;
const SIMULATED_POLL_MS = 200;

/** What every part of a local run needs. */
interface Run {
  readonly options: StartOptions;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly stopSignal: AbortSignal;
  /** Close what has been started; the last one started is closed first. */
  readonly closers: (() => Promise<unknown>)[];
}

/**
 * Runs the connector until it is stopped, or until the end of the first scan with `--once`.
 *
 * @returns the exit code
 * @throws UsageError, SynthesisError, FirstScanError, and what `runStack` throws
 */
export async function run(options: StartOptions): Promise<number> {
  const clock = createClock(options.speed);
  const { stdout } = process;
  const memory = startIdleMemory();
  const write = (text: string) => {
    // Whatever happens is printed.
    memory.onActivity();
    stdout.write(text);
  };
  const terminal = createTerminal(write, stdout.isTTY, clock.now);
  const stopSignal = createStopSignal();
  const current: Run = { options, clock, terminal, stopSignal, closers: [] };
  const stopped = new Promise<void>((resolve) => {
    stopSignal.addEventListener('abort', () => resolve());
  });
  const work = serve(current);
  try {
    await Promise.race([work, stopped]);
    if (!options.once) await stopped;
    return 0;
  } finally {
    await closeAll(current);
    // Work that was interrupted fails now, or starts one more part first.
    await work.catch(() => {});
    await closeAll(current);
  }
}

async function closeAll({ closers }: Run): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

async function serve(run: Run): Promise<void> {
  const { options, clock, terminal, stopSignal, closers } = run;
  terminal.line(terminal.bold('VirusTotal connector, local run'));
  const virusTotal = await startVirusTotal(options, clock, terminal);
  closers.push(() => virusTotal.close());
  const context = { serverUrl: virusTotal.url, ...options.context };
  const stack = await startStack(run, context, virusTotal.key);
  stopSignal.throwIfAborted();
  await writeRunning(stack);
  closers.push(() => removeRunning(stack));
  printBanner(stack, virusTotal.url, terminal);
  if (!options.once) {
    const watch = watchSources(stack, terminal);
    closers.push(() => watch.close());
    terminal.line('Serving. Press Ctrl-C to stop. A changed function is rebuilt and reloaded.');
    terminal.line();
  }
  await firstScan(stack, terminal, {
    isFiltered: Object.keys(context).some((name) => /^scan(?:Prefixes|Suffixes|M)/.test(name)),
    pollMs: options.live ? LIVE_POLL_MS : SIMULATED_POLL_MS,
    speed: options.speed,
    signal: stopSignal,
  });
}

async function startStack(
  { options, clock, terminal, stopSignal, closers }: Run,
  context: Readonly<Record<string, string>>,
  apiKey: string,
): Promise<RunningStack> {
  const directory = await createWorkDirectory();
  closers.push(() => rm(directory, { recursive: true, force: true }));
  await terminal.step('bundle the functions and synthesise the stack', () =>
    synthesise(directory, context, stopSignal),
  );
  return terminal.step('start functions, API and AWS services', async () => {
    stopSignal.throwIfAborted();
    const stack = await runStack({
      external: externalResources,
      directory,
      clock,
      apiPort: options.port,
      awsPort: options.awsPort,
      apiKey,
      listener: createPrintingListener(terminal),
    });
    closers.push(() => stack.close());
    return stack;
  });
}

function watchSources({ lambda }: RunningStack, terminal: Terminal): FolderWatch {
  return watchBundles({
    functions: lambda.functions,
    onChange(fn) {
      terminal.event('reload', shortName(fn.logicalId));
      void lambda.reload(fn.name);
    },
    onError: (message) => terminal.event('reload', `build failed: ${message}`, true),
  });
}
