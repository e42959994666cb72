/** Each operation, as deployed, called in each way: what it answers, and the requests that this costs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { operations, submitFile, submitUrl } from '../../shared/operations/catalogue.ts';
import { type Answer, directly, type Way, ways } from '../support/call-operation.ts';
import { expectDocumented, expectOutput } from '../support/documented.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';
import { cases } from './cases/all.ts';
import type { Case, Submitted } from './cases/case.ts';
import { objects } from './cases/files.ts';

const HOUR_MS = 3_600_000;

it.each(operations)('$name has cases in test/contract/cases', ({ name }) => {
  expect(cases.public.map(({ operation }) => operation.name)).toContain(name);
});

describe.each(['public', 'premium'] as const)('with a %s key', (tier) => {
  let running: TestStack;
  let submitted: Submitted;

  beforeAll(async () => {
    // Analyses do not end while the test runs.
    running = await startTestStack({ tier, simulator: { queuedMs: HOUR_MS } });
    submitted = await prepare(running);
  }, STARTUP_MS);
  afterAll(() => running.close());

  describe.each(ways)('by %s', (_, way) => {
    it.each(cases[tier])('$operation.name, $when: $requests requests', async (row) => {
      const { operation, expected, requests } = row;
      const before = running.simulator.requests.length;
      const answer = await call(way, row);
      expect(answer.error).toBeUndefined();
      expectOutput(operation, answer.output);
      if (answer.http) expectDocumented(operation, answer.http);
      expect(answer.output).toMatchObject(expected);
      const asked = running.simulator.requests.slice(before);
      expect(asked.map(({ method, path }) => `${method} ${path}`)).toHaveLength(requests);
    });
  });

  it.each(cases[tier].filter(({ operation }) => operation.route.method === 'GET'))(
    'gives the same output in every way: $operation.name, $when',
    async (row) => {
      const outputs: unknown[] = [];
      for (const [, way] of ways) outputs.push(lasting((await call(way, row)).output));
      expect(outputs).toEqual([outputs[0], outputs[0], outputs[0]]);
    },
  );

  function call(way: Way, { operation, input, fault }: Case): Promise<Answer> {
    if (fault) running.simulator.fault(fault);
    return way(running, operation, typeof input === 'function' ? input(submitted) : input);
  }
});

/** Fills the bucket, and submits what the cases ask for. */
async function prepare(running: TestStack): Promise<Submitted> {
  for (const [key, content] of Object.entries(objects)) await running.put(key, content);
  for (const key of ['eicar.com', 'new.bin', 'old.txt']) {
    const content = objects[key] ?? '';
    for (const [copy] of ways.entries()) await running.put(`${key} ${copy}`, content);
  }
  const oldVersion = (await running.put('versioned.txt', 'first version')) ?? '';
  await running.put('versioned.txt', 'second version');
  const file = await directly(running, submitFile, { key: 'new.bin' });
  const url = await directly(running, submitUrl, { url: 'http://submitted.example.com/' });
  const copies: Record<string, number> = {};
  const copy = (key: string) => {
    const number = copies[key] ?? 0;
    copies[key] = number + 1;
    return `${key} ${number}`;
  };
  return { fileScanId: scanIdOf(file), urlScanId: scanIdOf(url), oldVersion, copy };
}

function scanIdOf({ output }: Answer): string {
  return z.object({ scan_id: z.string() }).parse(output).scan_id;
}

/** Without the one field that grows by the second. */
function lasting(output: unknown): unknown {
  const { verdict, ...rest } = z.looseObject({ verdict: z.looseObject({}) }).parse(output);
  return { ...rest, verdict: { ...verdict, report_age: null } };
}
