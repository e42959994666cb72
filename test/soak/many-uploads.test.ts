/** Many uploads at once, 4 requests a minute: each ends with a verdict, none is sent twice, and VirusTotal refuses none. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '@local/cloud/step-functions';
import { afterEach, expect, test } from 'vitest';
import { STARTUP_MS, startTestStack, type TestStack, testKeys } from '../support/running-stack.ts';

const PER_MINUTE = 4;
/**
 * While functions work; the time in between is skipped. A request is sent within half a second of real time after it
 * was admitted, of which this makes 2 s: the guard is 2.5 s.
 */
const SPEED = 4;
/** Functions wait for up to 20 s of the quota themselves: the first test takes 7 minutes. */
const TIMEOUT_MS = STARTUP_MS + 2_400_000;

const stacks: TestStack[] = [];

afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

async function start(): Promise<TestStack> {
  const limits = { perMinute: PER_MINUTE, perDay: 1e6, perMonth: 1e6 };
  const stack = await startTestStack({
    isTriggered: true,
    speed: SPEED,
    skipsWaits: true,
    environment: {
      VIRUSTOTAL_QUOTA_PER_MINUTE: String(PER_MINUTE),
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
  return stack;
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
async function scanAll(
  { stack, stateMachines, put, simulator }: TestStack,
  count: number,
): Promise<Scans> {
  const arn = stack.outputs.ScanUploadStateMachineArn ?? '';
  await Promise.all(numbersTo(count).map((n) => put(keyOf(n), contentOf(n))));
  while (stateMachines.listExecutions(arn).length < count) await sleep(20);
  const executions = await Promise.all(
    stateMachines.listExecutions(arn).map((one) => stateMachines.ended(one.executionArn)),
  );
  const verdicts = executions.map(({ input, output }) => [
    JSON.parse(input).detail.object.key,
    output === null ? null : JSON.parse(output).verdict,
  ]);
  const expected = numbersTo(count).map((n) => [keyOf(n), n % 10 === 0 ? 'malicious' : 'clean']);
  expect(verdicts).toHaveLength(count);
  expect(Object.fromEntries(verdicts)).toEqual(Object.fromEntries(expected));
  const waits = executions.flatMap(({ executionArn }) =>
    stateMachines
      .transitionsOf(executionArn)
      .filter(({ kind, state }) => kind === 'entered' && state.endsWith(': Wait for quota')),
  );
  expect(simulator.requests.filter(({ status }) => status === 429)).toEqual([]);
  return { minutes: minutesOf(executions), waits: waits.length / count };
}

function minutesOf(executions: readonly Execution[]): number {
  const begun = Math.min(...executions.map(({ startDate }) => startDate));
  const ended = Math.max(...executions.map(({ stopDate }) => stopDate ?? Number.POSITIVE_INFINITY));
  return (ended - begun) / 60_000;
}

/** Lookups of reports. */
function lookupsOf({ simulator }: TestStack): number {
  const isLookup = ({ method, path }: { method: string; path: string }) =>
    method === 'GET' && path.startsWith('/api/v3/files/');
  return simulator.requests.filter(isLookup).length;
}

test(
  '100 files that VirusTotal knows take 36 minutes for each of their requests, and none is refused',
  async () => {
    const stack = await start();
    await makeKnown(stack, 100);
    // Their analyses end.
    await stack.clock.sleep(60_000);
    const { minutes, waits } = await scanAll(stack, 100);
    const requestsEach = lookupsOf(stack) / 100;
    expect(minutes).toBeLessThan(36 * requestsEach);
    expect(waits).toBeLessThan(2.5 * requestsEach);
  },
  TIMEOUT_MS,
);

test(
  '200 new files each end with their verdict, sent once',
  async () => {
    const stack = await start();
    const { minutes } = await scanAll(stack, 200);
    const sent = stack.simulator.requests.flatMap(({ file, status }) =>
      file && status === 200 ? [file.sha256] : [],
    );
    expect(sent).toHaveLength(200);
    expect(new Set(sent).size).toBe(200);
    // 3 of 4 cells are open to bulk, each once in 62.5 s; an upload takes one as well.
    const needed = ((lookupsOf(stack) + 200) * 62.5) / (PER_MINUTE - 1) / 60;
    expect(minutes).toBeLessThan(1.15 * needed);
  },
  TIMEOUT_MS,
);
