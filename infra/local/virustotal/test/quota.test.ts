import { expect, it } from 'vitest';
import { PUBLIC_KEY, USER_ID } from '../src/simulator.ts';
import { ask, at, error, NOON, post, type Running, start } from './harness.ts';

function limited(limits: { perMinute?: number; perDay?: number; perMonth?: number }) {
  return start({ keys: [{ key: PUBLIC_KEY, tier: 'public', ...limits }] });
}

async function statusOf(simulator: Running, path = '/domains/example.com') {
  return (await ask(simulator, path)).status;
}

it('limits requests in any minute, and gives no Retry-After', async () => {
  const simulator = await limited({ perMinute: 4 });
  for (let request = 0; request < 4; request += 1) expect(await statusOf(simulator)).toBe(200);
  simulator.clock.ms += 59_999;
  const { status, headers, json } = await ask(simulator, '/domains/example.com');
  expect(status).toBe(429);
  expect(json).toEqual(error('QuotaExceededError', 'Quota exceeded'));
  expect(headers.get('retry-after')).toBeNull();
  simulator.clock.ms += 1;
  expect(await statusOf(simulator)).toBe(200);
});

it('resets the daily quota at midnight UTC', async () => {
  const simulator = await limited({ perDay: 2 });
  expect(await statusOf(simulator)).toBe(200);
  expect(await statusOf(simulator)).toBe(200);
  simulator.clock.ms = NOON + 12 * 3_600_000 - 1;
  expect(await statusOf(simulator)).toBe(429);
  simulator.clock.ms += 1;
  expect(await statusOf(simulator)).toBe(200);
});

it('resets the monthly quota on the first day, UTC', async () => {
  const simulator = await limited({ perMonth: 1 });
  expect(await statusOf(simulator)).toBe(200);
  simulator.clock.ms = Date.UTC(2026, 11, 1) - 1;
  expect(await statusOf(simulator)).toBe(429);
  simulator.clock.ms += 1;
  expect(await statusOf(simulator)).toBe(200);
});

it('reports the usage free of charge', async () => {
  const simulator = await limited({ perMinute: 4, perDay: 500, perMonth: 15_500 });
  await ask(simulator, '/domains/example.com');
  await ask(simulator, '/files/upload_url');
  for (let request = 0; request < 6; request += 1) {
    const { status, json } = await ask(simulator, `/users/${PUBLIC_KEY}/overall_quotas`);
    expect(status).toBe(200);
    expect(json).toEqual({
      data: {
        api_requests_hourly: { user: { allowed: 240, used: 1 } },
        api_requests_daily: { user: { allowed: 500, used: 1 } },
        api_requests_monthly: { user: { allowed: 15_500, used: 1 } },
      },
    });
  }
  const usage = await ask(simulator, `/users/${USER_ID}/api_usage`);
  expect(usage.json).toEqual({
    data: {
      daily: { '2026-11-24': { 'GET /api/v3/domains/:id': 1 } },
      total: { 'GET /api/v3/domains/:id': 1 },
    },
  });
  expect(await statusOf(simulator, '/users/somebody/overall_quotas')).toBe(403);
});

it('reports no limit as the service does', async () => {
  const none = Number.POSITIVE_INFINITY;
  const simulator = await limited({ perMinute: none, perDay: none, perMonth: none });
  const { json } = await ask(simulator, `/users/${USER_ID}/overall_quotas`);
  expect(json).toEqual({
    data: {
      api_requests_hourly: { user: { allowed: 60_000_000_000, used: 0 } },
      api_requests_daily: { user: { allowed: 1_000_000_000, used: 0 } },
      api_requests_monthly: { user: { allowed: 1_000_000_000, used: 0 } },
    },
  });
});

it('charges the submission of a known file, but not of a new one', async () => {
  const simulator = await limited({ perDay: 1 });
  expect((await post(simulator, 'free')).status).toBe(200);
  expect((await post(simulator, 'free')).status).toBe(200);
  expect((await post(simulator, 'free')).status).toBe(429);
  expect((await post(simulator, 'also free')).status).toBe(200);
});

it('does not charge a request for an unknown analysis', async () => {
  const simulator = await limited({ perDay: 1 });
  expect(await statusOf(simulator, '/analyses/nothing')).toBe(404);
  expect(at((await ask(simulator, '/domains/example.com')).json, 'data', 'id')).toBe('example.com');
});

it('clears everything on reset', async () => {
  const simulator = await limited({ perDay: 1 });
  await post(simulator, 'forgotten');
  expect(await statusOf(simulator)).toBe(200);
  simulator.fault({ kind: 'already-exists' });
  simulator.reset();
  expect(simulator.requests).toEqual([]);
  expect(await statusOf(simulator)).toBe(200);
});
