import { createServer } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { PUBLIC_KEY, samples, startSimulator } from '../src/simulator.ts';
import { selfSigned } from '../src/testing/tls.ts';
import { ask, at, start } from './harness.ts';

it('adds and removes faults over HTTP, without a key', async () => {
  const simulator = await start();
  const faults = `${simulator.url}/_simulator/faults`;
  const add = (fault: unknown) =>
    fetch(faults, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
  const fault = { kind: 'answer', status: 503, times: 'always', match: { path: '/domains' } };
  const added = await add(fault);
  expect([added.status, await added.json()]).toEqual([201, fault]);
  expect((await ask(simulator, '/domains/example.com')).status).toBe(503);
  expect((await fetch(faults, { method: 'DELETE' })).status).toBe(204);
  expect((await ask(simulator, '/domains/example.com')).status).toBe(200);
});

it('rejects invalid faults, and requests that a web page can send', async () => {
  const simulator = await start();
  const faults = `${simulator.url}/_simulator/faults`;
  const headers = { 'content-type': 'application/json' };
  for (const body of ['{"kind":"nothing"}', '{"kind":"cut","tims":3}', '{', '']) {
    expect((await fetch(faults, { method: 'POST', headers, body })).status).toBe(400);
  }
  const simple = await fetch(faults, { method: 'POST', body: '{"kind":"cut"}' });
  expect(simple.status).toBe(415);
  expect((await ask(simulator, '/domains/example.com')).status).toBe(200);
});

it('lists requests without keys, and samples', async () => {
  const simulator = await start();
  await ask(simulator, `/users/${PUBLIC_KEY}/overall_quotas`);
  const response = await fetch(`${simulator.url}/_simulator/requests`);
  const shown = await response.text();
  expect(shown).not.toContain(PUBLIC_KEY);
  expect(JSON.parse(shown)).toEqual(simulator.requests);
  expect(simulator.requests).toHaveLength(1);
  const table = await fetch(`${simulator.url}/_simulator/samples`);
  expect(await table.json()).toEqual(samples);
});

it('serves HTTPS with a certificate', async () => {
  const tls = selfSigned();
  const simulator = await start({ tls });
  expect(simulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const answer = await new Promise<unknown>((resolve, reject) => {
    const headers = { 'x-apikey': PUBLIC_KEY };
    const target = `${simulator.url}/api/v3/domains/example.com`;
    request(target, { headers, ca: tls.cert }, (response) => resolve(json(response)))
      .on('error', reject)
      .end();
  });
  expect(at(answer, 'data', 'links', 'self')).toBe(`${simulator.url}/api/v3/domains/example.com`);
});

it('fails if its port is in use', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as AddressInfo;
  await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
