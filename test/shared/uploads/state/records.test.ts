import { expect, it } from 'vitest';
import type { Limits } from '../../../../shared/limits.ts';
import { type RecordDraft, Records } from '../../../../shared/uploads/state/records.ts';
import { startTable } from '../../../support/dynalite.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const MINUTE_MS = 60_000;
const waits = { message: 'an earlier outcome is still being recorded; try again' };

/** Records over a real client, with a clock that stands until it is moved. */
async function start() {
  const { client, tableName } = await startTable();
  const clock = { ms: NOON };
  const records = new Records({ client, tableName, now: () => clock.ms });
  const call: Limits = { deadline: NOON + 86_400_000 };
  const begin = (decision: string, fields: Partial<RecordDraft> = {}) => {
    const until = clock.ms + MINUTE_MS;
    const request = { id: 'record#1', labels: {}, decision, decisionId: decision, until };
    return records.begin({ ...request, isFinal: decision.startsWith('final'), ...fields }, call);
  };
  return { records, clock, call, begin };
}

it('has a final record wait for as long as the attempt that resumed a provisional one', async () => {
  const { records, clock, call, begin } = await start();
  await begin('provisional');
  clock.ms += MINUTE_MS - 1;
  const resumed = await begin('another provisional');
  expect(resumed).toMatchObject({ decision: 'provisional', isRecorded: false });
  clock.ms += MINUTE_MS - 1;
  await expect(begin('final')).rejects.toMatchObject(waits);
  await records.finish(resumed, call);
  expect(await begin('final')).toMatchObject({ decision: 'final', isRecorded: false });
});

it('has a final record wait for each of the attempts that make a provisional one', async () => {
  const { records, clock, call, begin } = await start();
  const first = await begin('provisional');
  // The same moment, and one that ends earlier.
  const second = await begin('provisional');
  const third = await begin('provisional', { until: NOON + 1000 });
  await records.finish(first, call);
  await records.finish(second, call);
  await expect(begin('final')).rejects.toMatchObject(waits);
  await records.finish(third, call);
  expect(await begin('final')).toMatchObject({ decision: 'final' });
  await expect(records.finish(third, call)).rejects.toThrow('a later outcome has been recorded');
  clock.ms += MINUTE_MS;
  expect(await begin('final, again')).toMatchObject({ decision: 'final' });
});

it('has a final record follow when the attempt that resumed a provisional one has ended', async () => {
  const { clock, begin } = await start();
  await begin('provisional');
  clock.ms += MINUTE_MS - 1;
  await begin('provisional');
  clock.ms += MINUTE_MS;
  expect(await begin('final')).toMatchObject({ decision: 'final' });
});

it('gives each of many concurrent resumers a different time', async () => {
  const { begin } = await start();
  const begun = await Promise.all(Array.from({ length: 3 }, () => begin('provisional')));
  expect(new Set(begun.map(({ until }) => until)).size).toBe(3);
});

it('keeps no result for a decision that another has replaced, and does not return the other result', async () => {
  const { records, clock, call, begin } = await start();
  const provisional = await begin('provisional');
  clock.ms += MINUTE_MS;
  const final = await begin('final');
  const replaced = { message: 'a later outcome has been recorded; try again' };
  await expect(records.keep(provisional, 'tags', 'pending', call)).rejects.toMatchObject(replaced);
  expect(await records.keep(final, 'tags', 'malicious', call)).toBe('malicious');
  await expect(records.keep(provisional, 'tags', 'pending', call)).rejects.toMatchObject(replaced);
  expect(await records.keep(final, 'tags', 'later', call)).toBe('malicious');
});
