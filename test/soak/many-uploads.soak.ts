/** 200 uploads at once, 4 requests a minute: each ends with a verdict, none is sent twice, none is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STARTUP_MS, startTestStack, type TestStack, testKeys } from '../support/running-stack.ts';

const UPLOADS = 200;
/** Hours of quota within minutes. */
const SPEED = 120;
const TIMEOUT_MS = 600_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({
    isTriggered: true,
    speed: SPEED,
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
    await Promise.all(
      Array.from({ length: UPLOADS }, (_, n) => stack.put(`many/${n}.bin`, contentOf(n))),
    );
    const executions = () => stack.stateMachines.listExecutions(arn);
    while (executions().some(({ status }) => status === 'RUNNING')) await sleep(250);

    const verdicts = new Map(
      executions().map(({ input, output }) => {
        const key: string = JSON.parse(input).detail.object.key;
        return [key, output === null ? null : JSON.parse(output).verdict];
      }),
    );
    const expected = Array.from({ length: UPLOADS }, (_, n) => [
      `many/${n}.bin`,
      n % 10 === 0 ? 'malicious' : 'clean',
    ]);
    expect(executions()).toHaveLength(UPLOADS);
    expect(Object.fromEntries(verdicts)).toEqual(Object.fromEntries(expected));

    const sent = stack.simulator.requests.flatMap(({ file, status }) =>
      file && status === 200 ? [file.sha256] : [],
    );
    expect(sent).toHaveLength(UPLOADS);
    expect(new Set(sent).size).toBe(UPLOADS);
  },
  TIMEOUT_MS,
);
