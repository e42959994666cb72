/** 200 uploads at once, 4 requests a minute: each ends with a verdict, none is sent twice, none is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '@local/cloud/step-functions';
import type { Simulator } from '@local/virustotal';
import { afterEach, expect, test } from 'vitest';
import { SPREAD_SECONDS } from '../../infra/playbooks/steps/quota-wait.ts';
import {
  STARTUP_MS,
  startTestStack,
  type TestStack,
  type TestStackOptions,
  testKeys,
} from '../support/running-stack.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const UPLOADS = 200;
const PER_MINUTE = 4;
/** Hours of quota within minutes. */
const SPEED = 120;
/** The longest wait after a 429 that names a minute. */
const LAST_WAIT_SECONDS = 60 + Math.max(...SPREAD_SECONDS);
/** No measure of speed: on a quiet machine each test takes about a minute. */
const TIMEOUT_MS = STARTUP_MS + 600_000;

const stacks: TestStack[] = [];

afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

async function start(options: TestStackOptions): Promise<TestStack> {
  const limits = { perMinute: PER_MINUTE, perDay: 1e6, perMonth: 1e6 };
  const stack = await startTestStack({
    isTriggered: true,
    speed: SPEED,
    simulator: { keys: [{ key: testKeys.public, tier: 'public', ...limits }] },
    ...options,
  });
  stacks.push(stack);
  return stack;
}

const numbers = Array.from({ length: UPLOADS }, (_, n) => n);
const keyOf = (n: number) => `many/${n}.bin`;

/** Every tenth holds what the simulator calls malware. */
const contentOf = (n: number) => (n % 10 === 0 ? `upload ${n}: simulated-malware` : `upload ${n}`);

/** Uploads all files at once, and waits until their scans have ended. */
async function scanAll(
  { stack, stateMachines, put }: TestStack,
  onEnded: () => void = () => undefined,
): Promise<readonly Execution[]> {
  const arn = stack.outputs.ScanUploadStateMachineArn ?? '';
  await Promise.all(numbers.map((n) => put(keyOf(n), contentOf(n))));
  while (stateMachines.listExecutions(arn).length < UPLOADS) await sleep(20);
  const ends = stateMachines.listExecutions(arn).map(async ({ executionArn }) => {
    const ended = await stateMachines.ended(executionArn);
    onEnded();
    return ended;
  });
  return Promise.all(ends);
}

function expectEachSentOnce(stack: TestStack, executions: readonly Execution[]): void {
  const verdicts = executions.map(({ input, output }) => {
    const key: string = JSON.parse(input).detail.object.key;
    return [key, output === null ? null : JSON.parse(output).verdict];
  });
  const expected = numbers.map((n) => [keyOf(n), n % 10 === 0 ? 'malicious' : 'clean']);
  expect(verdicts).toHaveLength(UPLOADS);
  expect(Object.fromEntries(verdicts)).toEqual(Object.fromEntries(expected));

  const { requests } = stack.simulator;
  const sent = requests.flatMap(({ file, status }) =>
    file && status === 200 ? [file.sha256] : [],
  );
  expect(sent).toHaveLength(UPLOADS);
  expect(new Set(sent).size).toBe(UPLOADS);
  // The quota was met, so that waiting for it was tested.
  expect(requests.some(({ status }) => status === 429)).toBe(true);
}

/** A request that counts: uploads and the account's quotas are free. */
function isGrantedLookup({ method, path, status }: Simulator['requests'][number]): boolean {
  return method === 'GET' && path.startsWith('/api/v3/files/') && status !== 429;
}

test(
  'each upload ends with its verdict, sent once',
  async () => {
    // Few at once, so that each is far from its limits of time; the others wait outside.
    const stack = await start({ maxConcurrency: 3 });
    expectEachSentOnce(stack, await scanAll(stack));
  },
  TIMEOUT_MS,
);

test(
  'each upload ends about as soon as the quota allows when all its functions run at once',
  async () => {
    const clock = new VirtualClock(Date.now(), UPLOADS);
    const stack = await start({ virtualClock: clock });
    const executions = await scanAll(stack, () => clock.end());
    expectEachSentOnce(stack, executions);
    const submitFile = stack.stack.outputs.SubmitFileFunctionArn ?? '';
    expect(stack.unbounded?.mostAtOnce(submitFile)).toBe(UPLOADS);
    // Each file is looked up by its digest before it is sent, and at least once after.
    const looks = stack.simulator.requests.filter(isGrantedLookup).length;
    expect(looks).toBeGreaterThanOrEqual(2 * UPLOADS);
    const needed = looks / PER_MINUTE;
    // Few callers are left at the end to use the quota, and each may wait to send and to look.
    expect(minutesOf(executions)).toBeLessThan(1.1 * needed + (2 * LAST_WAIT_SECONDS) / 60);
  },
  TIMEOUT_MS,
);

/** From the first upload to the last verdict, minutes. */
function minutesOf(executions: readonly Execution[]): number {
  const begun = Math.min(...executions.map(({ startDate }) => startDate));
  const ended = Math.max(...executions.map(({ stopDate }) => stopDate ?? Number.POSITIVE_INFINITY));
  return (ended - begun) / 60_000;
}
