import { describe, expect, it } from 'vitest';
import { bodiesOf, serveQueue, startTestPoller, type TestRecord, until } from './harness.ts';

const sizesOf = (events: readonly unknown[]) =>
  (events as { Records: TestRecord[] }[]).map(({ Records }) => Records.length);

describe('a batch', () => {
  it('has at most the batch size', async () => {
    const queue = await serveQueue();
    for (let index = 0; index < 7; index += 1) await queue.send(`${index}`);
    const { invoker, reports } = startTestPoller(queue, () => null, { batchSize: 3 });
    await until(() => reports.length === 3);
    expect(sizesOf(invoker.inputsOf('work'))).toEqual([3, 3, 1]);
  });

  it('collects more than one receive within its window, on the clock', async () => {
    const queue = await serveQueue({}, 20);
    for (let index = 0; index < 25; index += 1) await queue.send(`${index}`);
    // Two real seconds.
    const source = { batchSize: 40, batchingWindowMs: 40_000 };
    const startedAt = Date.now();
    const { invoker, reports } = startTestPoller(queue, () => null, source);
    await queue.send('late');
    await until(() => reports.length === 1);
    expect(sizesOf(invoker.inputsOf('work'))).toEqual([26]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1900);
    expect(await queue.count()).toEqual([0, 0]);
  });

  it('ends when it is full, before its window ends', async () => {
    const queue = await serveQueue();
    for (let index = 0; index < 12; index += 1) await queue.send(`${index}`);
    const source = { batchSize: 12, batchingWindowMs: 300_000 };
    const { invoker, reports } = startTestPoller(queue, () => null, source);
    await until(() => reports.length === 1);
    expect(sizesOf(invoker.inputsOf('work'))).toEqual([12]);
  });

  it('is split where its event would be longer than 6 MiB', async () => {
    const queue = await serveQueue();
    const large = 'x'.repeat(2 ** 20 - 100);
    for (let index = 0; index < 7; index += 1) await queue.send(`${index}${large}`);
    const { invoker, reports } = startTestPoller(queue, () => null);
    await until(() => reports.length === 2);
    const events = invoker.inputsOf('work') as { Records: TestRecord[] }[];
    expect(sizesOf(events)).toEqual([5, 2]);
    expect(events.flatMap(bodiesOf).map((body) => body[0])).toEqual([...'0123456']);
    for (const event of events) {
      expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(6 * 2 ** 20);
    }
  });
});
