/** 100 calls at once through the local stack: file_reputation, against an empty handler on the same stack. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createClock, runStack } from '@local/cloud';
import { PUBLIC_KEY, startSimulator } from '@local/virustotal';
import { synthesise } from '../../infra/local/cli/synthesise.ts';
import { externalResources } from '../../infra/local/external-resources.ts';
import { bundleEmpty, root } from './build.ts';
import { quantile } from './statistics.ts';

/** What was measured of one handler. */
export interface ConcurrencyResult {
  readonly name: string;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const AT_ONCE = 100;
const ROUNDS = 5;
/** Processes of one function: what two cores can feed. */
const PROCESSES = 8;
const HASH = '44d88612fea8a8f36de82e1278abb02f';

/** Measures both handlers in turns. The empty one replaces domain_reputation. */
export async function concurrency(say: (text: string) => void): Promise<ConcurrencyResult[]> {
  say('concurrency: synthesising');
  const directory = await mkdtemp(join(root, '.bench-'));
  const simulator = await startSimulator({
    keys: [{ key: PUBLIC_KEY, tier: 'public', perMinute: 1e6, perDay: 1e6, perMonth: 1e6 }],
  });
  try {
    await synthesise(directory, { serverUrl: simulator.url });
    const running = await runStack({
      external: externalResources,
      directory,
      clock: createClock(),
      apiPort: 0,
      awsPort: 0,
      apiKey: PUBLIC_KEY,
      maxConcurrency: PROCESSES,
    });
    try {
      await emptyDomainReputation(running.lambda.functions, directory);
      const measured = await inTurns(running.apiUrl, say);
      return measured.map(({ name, times, seconds }) => ({
        name,
        perSecond: times.length / seconds,
        p50: quantile(times, 0.5),
        p95: quantile(times, 0.95),
        p99: quantile(times, 0.99),
      }));
    } finally {
      await running.close();
    }
  } finally {
    await simulator.close();
    await rm(directory, { recursive: true });
  }
}

async function emptyDomainReputation(
  functions: readonly { readonly logicalId: string; readonly directory: string }[],
  directory: string,
): Promise<void> {
  const fn = functions.find(({ logicalId }) => logicalId.includes('DomainReputation'));
  if (!fn) throw new Error('the stack has no DomainReputation');
  const { file } = await bundleEmpty(directory);
  await copyFile(file, join(fn.directory, 'index.mjs'));
}

async function inTurns(apiUrl: string, say: (text: string) => void) {
  const candidates = [
    { name: 'empty handler', url: `${apiUrl}/domains/example.com` },
    { name: 'file-reputation', url: `${apiUrl}/files/${HASH}` },
  ].map((one) => ({ ...one, times: [] as number[], seconds: 0 }));
  // The first round starts the processes.
  for (let round = 0; round <= ROUNDS; round += 1) {
    say(`concurrency: round ${round} of ${ROUNDS}`);
    for (const candidate of candidates) {
      const startedAt = performance.now();
      const times = await Promise.all(Array.from({ length: AT_ONCE }, () => timed(candidate.url)));
      if (round === 0) continue;
      candidate.seconds += (performance.now() - startedAt) / 1000;
      candidate.times.push(...times);
    }
  }
  return candidates;
}

async function timed(url: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url}: HTTP ${response.status}`);
  return performance.now() - startedAt;
}
