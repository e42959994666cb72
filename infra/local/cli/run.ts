/** Runs the connector on this machine, from start to stop. */
import { rm } from 'node:fs/promises';
import {
  type Clock,
  createClock,
  type RunningStack,
  type RunStackOptions,
  runStack,
} from '@local/cloud';
import { USER_ID } from '@local/virustotal';
import { localSigning, signedFetch } from '../api-fetch.ts';
import { externalResources } from '../external-resources.ts';
import { writeRunning } from '../running.ts';
import { createWorkDirectory } from '../work-directory.ts';
import { printBanner } from './banner.ts';
import { watchBundles } from './bundle-watch.ts';
import { firstScan } from './first-scan.ts';
import type { FolderWatch } from './folder-watch.ts';
import { startIdleMemory } from './idle-memory.ts';
import { createPrintingListener } from './listener.ts';
import { shortName } from './names.ts';
import type { StartOptions } from './options.ts';
import { refuseBusyPorts } from './ports.ts';
import { createStopSignal } from './stop-signal.ts';
import { synthesise } from './synthesise.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { startVirusTotal } from './virustotal.ts';

/** Time between two requests for the report of the first scan, milliseconds: a free key has 4 a minute. */
const LIVE_POLL_MS = 15_000;
const SIMULATED_POLL_MS = 200;
/** A stop that takes longer says so, milliseconds. */
const SLOW_STOP_MS = 1000;

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
 * @throws UsageError, PortError, FolderError, SynthesisError, FirstScanError, and what `runStack` throws
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
  const stopSignal = createStopSignal();
  const terminal = createTerminal(write, stdout.isTTY, clock.now, stopSignal);
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
    const slow = setTimeout(() => terminal.line('Stopping ...'), SLOW_STOP_MS);
    await closeAll(current);
    // Work that was interrupted fails now, or starts one more part first.
    await work.catch(() => {});
    await closeAll(current);
    clearTimeout(slow);
  }
}

async function closeAll({ closers }: Run): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

async function serve(run: Run): Promise<void> {
  const { options, clock, terminal, stopSignal, closers } = run;
  terminal.heading('VirusTotal connector, local run');
  // What cannot work is found before the synthesis, which takes long.
  await refuseBusyPorts(options);
  const directory = await createWorkDirectory();
  closers.push(() => rm(directory, { recursive: true, force: true }));
  const virusTotal = await startVirusTotal(options, clock, terminal);
  closers.push(() => virusTotal.close());
  const context = { serverUrl: virusTotal.url, ...quotaOf(options), ...options.context };
  const stack = await startStack(run, directory, context, virusTotal.key);
  stopSignal.throwIfAborted();
  await writeRunning(directory, { ...stack, isSigned: options.sign });
  printBanner(stack, { ...virusTotal, isSigned: options.sign }, terminal);
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
    fetch: options.sign ? signedFetch : fetch,
    signal: stopSignal,
  });
}

async function startStack(
  { options, clock, terminal, stopSignal, closers }: Run,
  directory: string,
  context: Readonly<Record<string, string>>,
  apiKey: string,
): Promise<RunningStack> {
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
      ...(options.sign && (await accessChecks())),
      listener: createPrintingListener(terminal),
    });
    closers.push(() => stack.close());
    return stack;
  });
}

/** Loads the evaluation of policies only when it is needed: it takes 200 ms. */
async function accessChecks(): Promise<Pick<RunStackOptions, 'mayCall' | 'signingKey'>> {
  const { mayCall } = await import('../roles.ts');
  return { mayCall, signingKey: localSigning.credentials };
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

/** The connector learns the quota of the simulated key; the user id of a real one is the user's to give. */
function quotaOf({ live }: StartOptions): Readonly<Record<string, string>> {
  return live ? {} : { virusTotalUserId: USER_ID };
}
