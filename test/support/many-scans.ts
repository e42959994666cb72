/** Many uploads at once under a small quota: the real definition of `ScanUpload` on a simulated clock. */
import type { Invoker } from '@local/cloud';
import { StepFunctionsEngine, type Workflow } from '@local/cloud/step-functions';
import { type Budgets, ToldQuota } from './told-quota.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The uploads and the quota. */
export interface ManyScansOptions {
  readonly files: number;
  /** Time in which they arrive, seconds. */
  readonly within: number;
  readonly budgets: Budgets;
  /**
   * Requests of a file: one by digest, and the looks, of which all but the last find no report yet. With 1, the
   * file is known, and its report is in the cache.
   */
  readonly requestsPerFile: number;
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

/** How long bulk takes for so many requests with 4 a minute: 3 cells of 62.5 s are open to it. */
export function bulkHours(requests: number): number {
  return (requests * 62.5) / 3 / 3600;
}

const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:ScanUpload';

function eventOf(key: string) {
  return {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'bucket' }, object: { key, size: 5, etag: 'x' } },
  };
}

/** The functions: each takes 0.3 to 2 s, and all but the record ask VirusTotal once, unless the answer is cached. */
function functionsOf(
  clock: VirtualClock,
  { budgets, random, requestsPerFile }: ManyScansOptions,
  calls: Map<number, number>,
): Invoker {
  const quota = new ToldQuota(clock, budgets, random);
  const asked = new Map<string, number>();
  const answer = (name: string, work: string): unknown => {
    const requests = asked.get(work) ?? 0;
    if (name.includes('RecordVerdict')) return { verdict: 'clean' };
    if (name.includes('FileReputation'))
      return { response_code: requests < requestsPerFile ? -2 : 1 };
    const receipt = { scan_id: work, sha256: 'a' };
    const outcome = requestsPerFile === 1 ? 'known' : 'submitted';
    return { outcome, receipt, reason: null, retryAfterSeconds: null };
  };
  return {
    async invoke(name, payload) {
      const second = Math.floor((clock.now() - START) / 1000);
      calls.set(second, (calls.get(second) ?? 0) + 1);
      await clock.sleep(300 + random() * 1700);
      const work = workOf(JSON.parse(payload));
      const requests = asked.get(work) ?? 0;
      const isAsking = !name.includes('RecordVerdict') && requests < requestsPerFile;
      const seconds = isAsking ? await quota.ask(work, requests > 0) : null;
      if (seconds !== null) {
        const errorMessage = `The quota is used up. retryAfterSeconds=${seconds}`;
        return { status: 'failed', error: { errorType: 'QuotaExceededError', errorMessage } };
      }
      if (isAsking) asked.set(work, requests + 1);
      return { status: 'succeeded', payload: JSON.stringify(answer(name, work)) };
    },
  };
}

/** The file that a function is asked about. */
function workOf(payload: { scan_id?: string; detail?: { object: { key: string } } }): string {
  return payload.scan_id ?? payload.detail?.object.key ?? '';
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
