/** Many uploads at once, 4 requests a minute: each ends with a verdict, none is sent twice, and VirusTotal refuses none. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '@local/cloud/step-functions';
import { afterEach, expect, test } from 'vitest';
import {
  STARTUP_MS,
  startTestStack,
  type TestStack,
  testKeys,
  type UnboundedOptions,
} from '../support/running-stack.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const PER_MINUTE = 4;
/** No measure of speed: on a quiet machine each test takes about two minutes. */
const TIMEOUT_MS = STARTUP_MS + 900_000;
/**
 * The clock goes on for less than the guard of 2.5 s while a function works. With so little time a function does not
 * wait itself: its playbook does, which takes no real time.
 */
const working: UnboundedOptions = { maxWorkMs: 1_000, timeoutMs: 9_000 };
/** Up to 5 s fast, and 5 s slow. */
const skewed: UnboundedOptions = {
  ...working,
  skewMs: ({ logicalId }) => (logicalId.includes('SubmitFile') ? 5_000 : -5_000),
};

const stacks: TestStack[] = [];

afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

interface Burst {
  readonly stack: TestStack;
  readonly clock: VirtualClock;
}

async function start(unbounded: UnboundedOptions): Promise<Burst> {
  const limits = { perMinute: PER_MINUTE, perDay: 1e6, perMonth: 1e6 };
  const clock = new VirtualClock(Date.now(), 1);
  const stack = await startTestStack({
    isTriggered: true,
    virtualClock: clock,
    unbounded,
    environment: {
      VIRUSTOTAL_QUOTA_PER_MINUTE: String(PER_MINUTE),
      // A scan looks its file up, and an upload that has to wait need not look again.
      VIRUSTOTAL_CACHE_HOURS: '24',
    },
    simulator: {
      keys: [
        { key: testKeys.public, tier: 'public', ...limits },
        { key: testKeys.premium, tier: 'premium', perMinute: 10_000 },
      ],
    },
  });
  stacks.push(stack);
  return { stack, clock };
}

const numbersTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const keyOf = (n: number) => `many/${n}.bin`;

/** Every tenth holds what the simulator calls malware. */
const contentOf = (n: number) => (n % 10 === 0 ? `upload ${n}: simulated-malware` : `upload ${n}`);

/** Another customer of VirusTotal sends the files. */
async function makeKnown({ simulator }: TestStack, count: number): Promise<void> {
  for (const n of numbersTo(count)) {
    const body = new FormData();
    body.set('file', new Blob([contentOf(n)]), keyOf(n));
    const headers = { 'x-apikey': testKeys.premium };
    const url = `${simulator.url}/api/v3/files`;
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  }
}

/** How the scans went. */
interface Scans {
  /** From the first upload to the last verdict. */
  readonly minutes: number;
  /** Waits for the quota for each file, on average. */
  readonly waits: number;
}

/** Uploads all files at once, waits until their scans have ended, and checks their verdicts. */
async function scanAll({ stack: running, clock }: Burst, count: number): Promise<Scans> {
  const { stack, stateMachines, put, simulator } = running;
  const arn = stack.outputs.ScanUploadStateMachineArn ?? '';
  clock.begin(count);
  await Promise.all(numbersTo(count).map((n) => put(keyOf(n), contentOf(n))));
  while (stateMachines.listExecutions(arn).length < count) await sleep(20);
  clock.end();
  const executions = await Promise.all(
    stateMachines.listExecutions(arn).map(async ({ executionArn }) => {
      const ended = await stateMachines.ended(executionArn);
      clock.end();
      return ended;
    }),
  );
  const verdicts = executions.map(({ input, output }) => [
    JSON.parse(input).detail.object.key,
    output === null ? null : JSON.parse(output).verdict,
  ]);
  const expected = numbersTo(count).map((n) => [keyOf(n), n % 10 === 0 ? 'malicious' : 'clean']);
  expect(verdicts).toHaveLength(count);
  expect(Object.fromEntries(verdicts)).toEqual(Object.fromEntries(expected));
  expect(simulator.requests.filter(({ status }) => status === 429)).toEqual([]);
  const waits = executions.flatMap(({ executionArn }) =>
    stateMachines
      .transitionsOf(executionArn)
      .filter(({ kind, state }) => kind === 'entered' && state.endsWith(': Wait for quota')),
  );
  const scans = { minutes: minutesOf(executions), waits: waits.length / count };
  process.stdout.write(
    `${count} uploads: ${scans.minutes.toFixed(1)} min, ${scans.waits} waits and ${simulator.requests.length / count} requests each\n`,
  );
  return scans;
}

function minutesOf(executions: readonly Execution[]): number {
  const begun = Math.min(...executions.map(({ startDate }) => startDate));
  const ended = Math.max(...executions.map(({ stopDate }) => stopDate ?? Number.POSITIVE_INFINITY));
  return (ended - begun) / 60_000;
}

test(
  '100 files that VirusTotal knows take about as long as the quota needs, and none is refused',
  async () => {
    const burst = await start(working);
    const { stack, clock } = burst;
    await makeKnown(stack, 100);
    // Their analyses end.
    await clock.sleep(60_000);
    const { minutes, waits } = await scanAll(burst, 100);
    const lookups = lookupsOf(stack);
    expect(minutes).toBeLessThan(1.2 * minutesFor(lookups));
    expect(waits).toBeLessThan((4 * lookups) / 100);
  },
  TIMEOUT_MS,
);

test.each([
  ['on time', working],
  ['5 s off', skewed],
])(
  '200 new files each end with their verdict, sent once, with clocks %s',
  async (_, unbounded) => {
    const burst = await start(unbounded);
    const { minutes } = await scanAll(burst, 200);
    const { stack } = burst;
    const sent = stack.simulator.requests.flatMap(({ file, status }) =>
      file && status === 200 ? [file.sha256] : [],
    );
    expect(sent).toHaveLength(200);
    expect(new Set(sent).size).toBe(200);
    // An upload takes a cell as well.
    expect(minutes).toBeLessThan(1.2 * minutesFor(lookupsOf(stack) + 200));
  },
  TIMEOUT_MS,
);

/** Time that bulk needs for requests: 3 of 4 cells are open to it, each once in 62.5 s. */
const minutesFor = (requests: number) => (requests * 62.5) / (PER_MINUTE - 1) / 60;

/** Lookups of reports. */
function lookupsOf({ simulator }: TestStack): number {
  const isLookup = ({ method, path }: { method: string; path: string }) =>
    method === 'GET' && path.startsWith('/api/v3/files/');
  return simulator.requests.filter(isLookup).length;
}
