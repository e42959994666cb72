/** Many uploads at once under a small quota: the real definition of `ScanUpload` on a simulated clock. */
import type { Invoker } from '@local/cloud';
import { StepFunctionsEngine, type Workflow } from '@local/cloud/step-functions';
import { VirtualClock } from './virtual-clock.ts';

/** The uploads and the quota. */
export interface ManyScansOptions {
  readonly files: number;
  /** Time in which they arrive, seconds. */
  readonly within: number;
  readonly perMinute: number;
  /** @default no limit */
  readonly perDay?: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** How it went. */
export interface ManyScans {
  /** From the first upload to the last verdict, hours. */
  readonly hours: number;
  /** From an upload to its verdict at the longest, hours. */
  readonly longestHours: number;
  readonly verdicts: readonly unknown[];
  /** Waits for the quota for each file, on average. */
  readonly waits: number;
  /** States entered for each file, on average. */
  readonly transitions: number;
  /** Function calls by the second in which they begin, counted from the first upload. */
  readonly calls: ReadonlyMap<number, number>;
}

/** Requests of a file: one by digest, and two looks, the first of which finds no report yet. */
export const REQUESTS_PER_FILE = 3;

const DAY_MS = 24 * 3600 * 1000;
/** Ten in the morning, UTC. */
const START = Date.UTC(2026, 0, 1, 10);

/** Scans them all. */
export async function scanMany(
  definition: Workflow | undefined,
  options: ManyScansOptions,
): Promise<ManyScans> {
  if (!definition) throw new Error('there is no such playbook');
  const { files, within, random } = options;
  const clock = new VirtualClock(START, files);
  const calls = new Map<number, number>();
  const counts = { waits: 0, transitions: 0 };
  const engine = new StepFunctionsEngine({
    stateMachines: [{ arn: ARN, name: 'ScanUpload', definition }],
    invoker: functionsOf(clock, options, calls),
    clock,
    listener: {
      onTransition(_, { kind, state }) {
        if (kind !== 'entered') return;
        counts.transitions += 1;
        if (state.endsWith(': Wait for quota')) counts.waits += 1;
      },
    },
  });
  const ends = await Promise.all(
    Array.from({ length: files }, async (_, index) => {
      await clock.sleep(random() * within * 1000);
      const input = JSON.stringify(eventOf(String(index)));
      const { executionArn } = engine.startExecution({ stateMachineArn: ARN, input });
      const ended = await engine.ended(executionArn);
      clock.end();
      return ended;
    }),
  );
  const times = ends.map(({ startDate, stopDate }) => ((stopDate ?? 0) - startDate) / 3_600_000);
  return {
    hours: (Math.max(...ends.map(({ stopDate }) => stopDate ?? 0)) - START) / 3_600_000,
    longestHours: Math.max(...times),
    verdicts: ends.map(({ output }) => output && JSON.parse(output)),
    waits: counts.waits / files,
    transitions: counts.transitions / files,
    calls,
  };
}

const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:ScanUpload';

function eventOf(key: string) {
  return {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'bucket' }, object: { key, size: 5, etag: 'x' } },
  };
}

/** The functions: each takes 0.3 to 2 s, and all but the record ask VirusTotal once. */
function functionsOf(
  clock: VirtualClock,
  options: ManyScansOptions,
  calls: Map<number, number>,
): Invoker {
  const refusal = quotaOf(clock, options);
  const looked = new Set<string>();
  const answer = (name: string, payload: string): unknown => {
    if (name.includes('RecordVerdict')) return { verdict: 'clean' };
    if (name.includes('SubmitFile')) {
      const receipt = { scan_id: payload, sha256: 'a' };
      return { outcome: 'submitted', receipt, reason: null, retryAfterSeconds: null };
    }
    const isFirst = !looked.has(payload);
    looked.add(payload);
    return { response_code: isFirst ? -2 : 1 };
  };
  return {
    async invoke(name, payload) {
      const second = Math.floor((clock.now() - START) / 1000);
      calls.set(second, (calls.get(second) ?? 0) + 1);
      const seconds = name.includes('RecordVerdict') ? null : refusal();
      await clock.sleep(300 + options.random() * 1700);
      if (seconds === null) {
        return { status: 'succeeded', payload: JSON.stringify(answer(name, payload)) };
      }
      const errorMessage = `The quota is used up. retryAfterSeconds=${seconds}`;
      return { status: 'failed', error: { errorType: 'QuotaExceededError', errorMessage } };
    },
  };
}

/** VirusTotal's quota, any 60 s and each day in UTC. @returns seconds to wait; null if a request is let through */
function quotaOf(
  clock: VirtualClock,
  { perMinute, perDay = Number.POSITIVE_INFINITY }: ManyScansOptions,
): () => number | null {
  const minute: number[] = [];
  let [day, today] = [0, 0];
  return () => {
    const now = clock.now();
    if (Math.floor(now / DAY_MS) !== day) [day, today] = [Math.floor(now / DAY_MS), 0];
    if (today >= perDay) return Math.ceil((DAY_MS - (now % DAY_MS)) / 1000);
    while ((minute[0] ?? now) <= now - 60_000) minute.shift();
    if (minute.length >= perMinute) return 60;
    minute.push(now);
    today += 1;
    return null;
  };
}

/** Random numbers that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
