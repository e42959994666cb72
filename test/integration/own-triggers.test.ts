/** The README's own triggers, synthesised as they are written, with the deployed bundles: an upload is submitted. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownTriggersAssembly } from '../support/own-triggers.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

let running: TestStack;

beforeAll(async () => {
  running = await startTestStack({ directory: await ownTriggersAssembly(), speed: 20 });
}, STARTUP_MS);
afterAll(() => running?.close());

const submissions = () =>
  running.simulator.requests.filter(
    ({ method, path }) => method === 'POST' && /\/files/.test(path),
  );

const bucketOf = (id: string) =>
  running.stack.buckets.find(({ logicalId }) => logicalId.startsWith(id))?.name;

it.each(['my-incoming-files', 'my-archive', 'Scanned'])(
  'submits an upload to %s',
  async (name) => {
    const before = submissions().length;
    await running.put('report (1).txt', `a new file in ${name}`, bucketOf(name) ?? name);
    await expect.poll(() => submissions().length - before, { timeout: 60_000 }).toBe(1);
  },
  90_000,
);
