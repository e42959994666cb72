/** The local run from its start to its end. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, createClock, type RunningStack, runStack } from '@local/cloud';
import { PREMIUM_KEY, PUBLIC_KEY, type Simulator, startSimulator } from '@local/virustotal';
import { printBanner } from './banner.ts';
import { type BundleWatch, watchBundles } from './bundle-watch.ts';
import { firstScan } from './first-scan.ts';
import { printingListener } from './listener.ts';
import { shortName } from './names.ts';
import { type StartOptions, UsageError } from './options.ts';
import { forgetRunning, keepRunning } from './running.ts';
import { synthesise } from './synthesise.ts';
import { createTerminal, type Terminal } from './terminal.ts';

const root = join(import.meta.dirname, '../../..');

/** What is ended in the end, the latest first. */
type Ending = () => Promise<unknown>;

/**
 * Runs the connector until Ctrl-C, or until the first scan has ended.
 *
 * @returns the exit code
 * @throws UsageError, SynthesisError, FirstScanError, and what `runStack` throws
 */
export async function run(options: StartOptions): Promise<number> {
  const clock = createClock(options.speed);
  const { stdout } = process;
  const terminal = createTerminal((text) => stdout.write(text), stdout.isTTY, clock.now);
  const endings: Ending[] = [];
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    const work = serve(options, clock, terminal, endings);
    const isServing = await Promise.race([work.then(() => true), interrupted.then(() => false)]);
    if (isServing && !options.once) await interrupted;
    // What was interrupted fails when everything is ended below.
    if (!isServing) work.catch(() => {});
    return 0;
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}

async function serve(
  options: StartOptions,
  clock: Clock,
  terminal: Terminal,
  endings: Ending[],
): Promise<void> {
  terminal.line(terminal.bold('VirusTotal connector, local run'));
  const virusTotal = await startVirusTotal(options, clock, terminal, endings);
  const directory = await workDirectory(endings);
  const context = { serverUrl: virusTotal.url, ...options.context };
  await terminal.step('synthesise the stack, bundles included', () =>
    synthesise(directory, context, () => {}),
  );
  const stack = await terminal.step('start functions, API and AWS services', async () => {
    const running = await runStack({
      directory,
      clock,
      apiPort: options.port,
      awsPort: options.awsPort,
      apiKey: virusTotal.key,
      listener: printingListener(terminal),
    });
    endings.push(() => running.close());
    return running;
  });
  await keepRunning(stack);
  endings.push(() => forgetRunning(stack));
  printBanner(stack, virusTotal.url, terminal);
  const isFiltered = Object.keys(context).some((name) => /^scan(?:Prefixes|Suffixes|M)/.test(name));
  await firstScan(stack, terminal, { isFiltered });
  if (options.once) return;
  const watch = await watchSources(stack, terminal);
  endings.push(() => watch.close());
  terminal.line();
  terminal.line('Serving; Ctrl-C ends it. A changed source file is bundled and used at once.');
}

interface VirusTotal {
  readonly url: string;
  readonly key: string;
}

async function startVirusTotal(
  { live, quota, context }: StartOptions,
  clock: Clock,
  terminal: Terminal,
  endings: Ending[],
): Promise<VirusTotal> {
  if (live) {
    const key = process.env.VIRUSTOTAL_API_KEY?.trim();
    if (!key) {
      throw new UsageError(
        '--live needs the API key in the environment variable VIRUSTOTAL_API_KEY',
      );
    }
    return { url: context.serverUrl ?? 'https://www.virustotal.com', key };
  }
  const simulator = await terminal.step('start the simulated VirusTotal', async () => {
    const started: Simulator = await startSimulator({
      now: clock.now,
      keys: [
        { key: PUBLIC_KEY, tier: 'public', perMinute: quota },
        { key: PREMIUM_KEY, tier: 'premium', perMinute: quota },
      ],
      onRequest: (line) => terminal.event('upstream', line),
    });
    endings.push(() => started.close());
    return started;
  });
  return { url: simulator.url, key: context.tier === 'premium' ? PREMIUM_KEY : PUBLIC_KEY };
}

/** The assembly lies in the repository, where its bundles find what they import at run time. */
async function workDirectory(endings: Ending[]): Promise<string> {
  const parent = join(root, '.local');
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'run-'));
  endings.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function watchSources({ lambda }: RunningStack, terminal: Terminal): Promise<BundleWatch> {
  return watchBundles({
    functions: lambda.functions,
    onChange(fn) {
      terminal.event('reload', shortName(fn.logicalId));
      void lambda.reload(fn.name);
    },
    onError: (fn, message) =>
      terminal.event('reload', `${shortName(fn.logicalId)} does not build: ${message}`, true),
  });
}
