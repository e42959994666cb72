/**
 * Streaming: S3 to VirusTotal. Throughput against a raw HTTP pipe; CPU against that pipe's and that of three digests
 * of as many bytes, which move with the processor as the function does; peak memory.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/bundle/options.ts';
import { bundleFunction, root } from './build.ts';
import { STATE_TABLE } from './state-table.ts';
import { ratioOf, type Summary, summarise } from './statistics.ts';

const run = promisify(execFile);

/** What was measured of one way at one size. */
export interface StreamResult {
  readonly name: string;
  readonly bytes: number;
  /** MiB a second. */
  readonly throughput: Summary;
  /** Against the raw pipe of the same size and rounds; above 1 is faster. */
  readonly toPipe: Summary;
  /** CPU against the sum of the raw pipe's and the digests', of the same size and rounds. */
  readonly toParts: Summary;
  /** Peak resident memory, MiB. */
  readonly peak: Summary;
  /** CPU of the work, without starting, seconds. */
  readonly cpu: Summary;
}

interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly cpuSeconds: number;
}

const MIB = 1024 * 1024;

/** The sizes: just by upload URL, and the largest that VirusTotal takes. */
export const sizes = [32 * MIB, 650 * MIB] as const;

/**
 * Runs every way once a round, in turns.
 *
 * @param rounds - of each size
 * @param onRound - called after each round
 */
export async function streaming(
  directory: string,
  rounds: number,
  onRound: (bytes: number, round: number) => void,
): Promise<StreamResult[]> {
  const submit = await bundleFunction('submit-file', directory);
  const plain = await bundleWithoutDigests(directory);
  const ways = [
    { name: 'raw pipe', mode: 'pipe', file: '' },
    { name: 'three digests', mode: 'digests', file: '' },
    { name: 'without digests', mode: 'function', file: plain },
    { name: 'submit-file', mode: 'function', file: submit.file },
  ];
  const results: StreamResult[] = [];
  for (const bytes of sizes) {
    const servers = await startServers(bytes, 0);
    const measured = ways.map((): Measured[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, { mode, file }] of ways.entries()) {
        measured[index]?.push(await runOnce(mode, file, bytes, servers.environment));
      }
      onRound(bytes, round);
    }
    servers.close();
    results.push(...ways.map(({ name }, index) => resultOf(name, bytes, measured, index)));
  }
  results.push(await slowSink(submit.file));
  return results;
}

/** A sink that pauses after every chunk: memory must not grow with what waits. */
async function slowSink(file: string): Promise<StreamResult> {
  const bytes = 64 * MIB;
  const servers = await startServers(bytes, 1);
  const measured = await runOnce('function', file, bytes, servers.environment);
  servers.close();
  // Nothing to compare it with.
  return resultOf('submit-file, slow sink', bytes, [[], [], [measured]], 2);
}

function resultOf(
  name: string,
  bytes: number,
  measured: readonly (readonly Measured[])[],
  index: number,
): StreamResult {
  const of = (series: readonly Measured[] = []) =>
    series.map(({ seconds }) => bytes / MIB / seconds);
  const own = measured[index] ?? [];
  const cpu = (series: readonly Measured[] = []) => series.map(({ cpuSeconds }) => cpuSeconds);
  const [pipe, digests] = measured.map(cpu);
  const parts = pipe?.map((seconds, round) => seconds + (digests?.[round] ?? Number.NaN)) ?? [];
  return {
    name,
    bytes,
    throughput: summarise(of(own)),
    toPipe: ratioOf(of(own), of(measured[0])),
    peak: summarise(own.map(({ peakMiB }) => peakMiB)),
    toParts: ratioOf(cpu(own), parts),
    cpu: summarise(cpu(own)),
  };
}

async function bundleWithoutDigests(directory: string): Promise<string> {
  const outdir = join(directory, 'without-digests');
  const entry = join(root, 'test/bench/baselines/without-digests.ts');
  await build({ ...bundleOptions({ index: entry }, outdir), absWorkingDir: root });
  return join(outdir, 'index.mjs');
}

async function startServers(bytes: number, sinkDelayMs: number) {
  const script = join(import.meta.dirname, 'streaming-servers.mjs');
  const child = fork(script, [String(bytes), String(sinkDelayMs)]);
  const [[s3, virusTotal, otherAws]] = await once(child, 'message');
  return {
    environment: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3}`,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${otherAws}`,
      VIRUSTOTAL_SERVER_URL: `http://127.0.0.1:${virusTotal}`,
      VIRUSTOTAL_API_KEY_SECRET_ARN:
        'arn:aws:secretsmanager:us-east-1:000000000000:secret:key-abcdef',
      STATE_TABLE,
      LOG_LEVEL: 'error',
    },
    close: () => child.disconnect(),
  };
}

async function runOnce(
  mode: string,
  file: string,
  bytes: number,
  env: Readonly<Record<string, string>>,
): Promise<Measured> {
  const script = join(import.meta.dirname, 'streaming-child.mjs');
  const { stdout } = await run(process.execPath, [script, mode, file, String(bytes)], {
    env: { ...env },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
