import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { ARN, NOW_S, start } from './harness.ts';

const MINUTE_MS = 60_000;
const expired = { expires: { N: String(NOW_S - 1) } };

it('deletes only expired items', async () => {
  const { time, put, get, recorder } = await start();
  await put(1, expired);
  await put(2, { expires: { N: String(NOW_S + 61) } });
  await put(3, { expires: { S: String(NOW_S - 1) } });
  await put(4);
  // In milliseconds it would be far in the future; in years, long past.
  await put(5, { expires: { N: String((NOW_S - 1) * 1000) } });
  await put(6, { expires: { N: '2026' } });
  recorder.take();
  time.nowMs += MINUTE_MS;
  expect(await get(1)).toBeUndefined();
  expect(recorder.take()).toEqual([`dynamodb:GetItem ${ARN}/Receipts 200`]);
  for (const sk of [2, 3, 4, 5, 6]) expect(await get(sk)).toBeDefined();
});

it('deletes expired items on all pages of a scan', async () => {
  const { time, put, client } = await start();
  // Three pages of a scan, 1 MB each.
  const filling = { S: 'x'.repeat(300_000) };
  for (let sk = 0; sk < 8; sk += 1) await put(sk, { ...expired, filling });
  const count = async () =>
    (await client.send(new ScanCommand({ TableName: 'Receipts', Select: 'COUNT' }))).Count;
  expect(await count()).toBeGreaterThan(0);
  time.nowMs += MINUTE_MS;
  expect(await count()).toBe(0);
});

it('looks for expired items once a minute', async () => {
  const { time, put, get } = await start();
  await put(1, expired);
  time.nowMs += MINUTE_MS - 1;
  expect(await get(1)).toBeDefined();
  time.nowMs += 1;
  expect(await get(1)).toBeUndefined();
  await put(1, expired);
  expect(await get(1)).toBeDefined();
});
