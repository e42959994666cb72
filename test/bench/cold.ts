/** Cold start: process start to first answer, one secret and one upstream call included. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Bundle, bundleEmpty, bundleFunction, bundleUsual } from './build.ts';
import { ratioOf, type Summary, summarise } from './statistics.ts';
import { startUpstreams } from './upstreams.ts';

/** What was measured of one bundle. */
export interface ColdResult {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds. */
  readonly time: Summary;
  /** Against the empty handler, and against the usual build, of the same rounds. */
  readonly toEmpty: Summary;
  readonly toUsual: Summary;
}

// Digested and asked for, not sent: one object, one upstream call.
const object = { bucket: 'bench', key: 'object', upload: 'never' };
const events: Readonly<Record<string, unknown>> = {
  'submit-file': object,
  'file-reputation': { hash: '44d88612fea8a8f36de82e1278abb02f' },
  'usual build': { hash: '44d88612fea8a8f36de82e1278abb02f' },
};

/**
 * Starts every candidate once a round, one after the other, so that a disturbance meets all.
 *
 * @param rounds - at least 21 give a steady median
 * @param onRound - called after each round
 */
export async function cold(
  directory: string,
  rounds: number,
  onRound: (round: number) => void,
): Promise<ColdResult[]> {
  const bundles = [
    await bundleEmpty(directory),
    await bundleUsual(directory),
    await bundleFunction('file-reputation', directory),
    await bundleFunction('submit-file', directory),
  ];
  const upstreams = await startUpstreams();
  const times = bundles.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, bundle] of bundles.entries()) {
      const time = await startOnce(bundle, upstreams.environment);
      // The first round reads the files from the disk.
      if (round > 0) times[index]?.push(time);
    }
    onRound(round);
  }
  upstreams.close();
  const [empty = [], usual = []] = times;
  return bundles.map(({ name, bytes }, index) => {
    const series = times[index] ?? [];
    return {
      name,
      bytes,
      time: summarise(series),
      toEmpty: ratioOf(series, empty),
      toUsual: ratioOf(series, usual),
    };
  });
}

async function startOnce(
  { name, file }: Bundle,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const script = join(import.meta.dirname, 'cold-child.mjs');
  const event = JSON.stringify(events[name] ?? {});
  const startedAt = performance.now();
  const child = spawn(process.execPath, [script, file, event], {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let answeredAt: number | undefined;
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('answered')) answeredAt ??= performance.now();
    });
    child.once('error', reject).once('close', (code) => {
      if (code === 0 && answeredAt !== undefined) resolve(answeredAt - startedAt);
      else reject(new Error(`${name} did not answer (exit code ${code})`));
    });
  });
}
