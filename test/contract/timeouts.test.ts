/** A VirusTotal that does not answer, or not to the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileReputation, submitFile, submitUrl } from '../../shared/operations/catalogue.ts';
import {
  type Answer,
  directly,
  overHttp,
  overPayload2,
  type Way,
} from '../support/call-operation.ts';
import { expectDirectError, expectHttpError } from '../support/expect-error.ts';
import { leaksOf, STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

/** 28 s of the functions take ten real seconds; the gateway and Lambda wait five more for the answer. */
const SPEED = 3;
/** A busy machine takes its time to start functions, milliseconds. */
const SCENARIO_MS = 120_000;

const lookup = { operation: fileReputation, input: { hash: 'a'.repeat(64) } } as const;
// What an earlier call has submitted, or may have, would be answered without VirusTotal.
const upload = 'always';
const submission = { operation: submitUrl, input: { url: 'http://example.com/', upload } } as const;
// The function may take 15 minutes for it, but not over HTTP.
const sample = { operation: submitFile, input: { key: 'sample.bin', upload } } as const;

const rows: readonly (readonly [Way, typeof lookup | typeof submission | typeof sample])[] = [
  [overHttp, lookup],
  [overHttp, submission],
  [overHttp, sample],
  [overPayload2, lookup],
  [overPayload2, sample],
  [directly, lookup],
  [directly, submission],
];

// Each has a stack, so that both wait at the same time.
describe.concurrent.each(['start', 'answer'] as const)('VirusTotal stalls at the %s', (at) => {
  let running: TestStack;

  beforeAll(async () => {
    running = await startTestStack({ speed: SPEED });
    await running.put('sample.bin', 'some bytes');
  }, STARTUP_MS);
  afterAll(() => running?.close());

  it(
    'UpstreamTimeoutError within 29 s',
    async () => {
      // All wait at once.
      const callAll = () =>
        Promise.all(rows.map(([way, { operation, input }]) => way(running, operation, input)));
      // The gateway's 29 s begin before a process has started, the function's 28 s after.
      await callAll();
      running.simulator.fault({ kind: 'stall', at, times: 'always' });
      const startedAt = performance.now();
      const answers = await callAll();
      expect((performance.now() - startedAt) * SPEED).toBeGreaterThan(25_000);
      answers.forEach(expectTimeout);
      expect(leaksOf(running)).toEqual([]);
    },
    SCENARIO_MS,
  );
});

function expectTimeout(answer: Answer, index: number): void {
  const [way, call] = rows[index] ?? [overHttp, lookup];
  const expected = {
    ...call,
    name: 'UpstreamTimeoutError',
    message: /did not answer in the time left|no answer within/,
  } as const;
  if (way === directly) expectDirectError(answer, expected);
  else expectHttpError(answer, expected);
}
