/** 200 uploads at once, 4 requests a minute: each ends with a verdict, none is sent twice, none is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STARTUP_MS, startTestStack, type TestStack, testKeys } from '../support/running-stack.ts';

const UPLOADS = 200;
/** Hours of quota within minutes. */
const SPEED = 120;
/** No measure of speed: on a quiet machine it takes a minute. */
const TIMEOUT_MS = 600_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({
    isTriggered: true,
    speed: SPEED,
    // Few at once, so that each is far from its limits of time; the others wait outside.
    maxConcurrency: 3,
    simulator: {
      keys: [{ key: testKeys.public, tier: 'public', perMinute: 4, perDay: 1e6, perMonth: 1e6 }],
    },
  });
}, STARTUP_MS);
afterAll(() => stack?.close());

/** Every tenth holds what the simulator calls malware. */
function contentOf(n: number): string {
  return n % 10 === 0 ? `upload ${n}: simulated-malware` : `upload ${n}`;
}

test(
  'each upload ends with its verdict, sent once',
  async () => {
    const arn = stack.stack.outputs.ScanUploadStateMachineArn ?? '';
    const numbers = Array.from({ length: UPLOADS }, (_, n) => n);
    await Promise.all(numbers.map((n) => stack.put(`many/${n}.bin`, contentOf(n))));
    const executions = () => stack.stateMachines.listExecutions(arn);
    const isRunning = () => executions().some(({ status }) => status === 'RUNNING');
    while (executions().length < UPLOADS || isRunning()) await sleep(250);

    const verdicts = executions().map(({ input, output }) => {
      const key: string = JSON.parse(input).detail.object.key;
      return [key, output === null ? null : JSON.parse(output).verdict];
    });
    const expected = numbers.map((n) => [`many/${n}.bin`, n % 10 === 0 ? 'malicious' : 'clean']);
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
  },
  TIMEOUT_MS,
);
