/** The key leaves in one header and is found nowhere else, whatever VirusTotal answers. */
import { describe, expect, it } from 'vitest';
import {
  bytes,
  cutShort,
  fault,
  json,
  type Reply,
  reset,
  stall,
  startUpstream,
} from '../../support/upstream-server.ts';
import { clientAt, everythingOf, KEY, rejection, SHA256, within } from './harness.ts';

const echoes = `Wrong API key: ${KEY}, ${KEY.toUpperCase()}, ${Buffer.from(KEY).toString('base64')}`;
const replies: [string, Reply][] = [
  ...[302, 400, 401, 403, 404, 409, 413, 418, 429, 500, 503].flatMap(
    (status): [string, Reply][] => [
      [`${status} that echoes the key`, fault(status, `Code${KEY}`, echoes)],
      [`${status} with a page that echoes the key`, bytes(status, `<html>${echoes}</html>`)],
      [
        `${status} with headers that echo the key`,
        fault(status, 'X', 'x', { 'retry-after': KEY, location: `http://127.0.0.1:1/${KEY}` }),
      ],
    ],
  ),
  ['a success that is no JSON', bytes(200, echoes)],
  [
    'a success of another shape',
    json(200, { [KEY]: echoes, data: { [KEY]: echoes, id: [echoes] } }),
  ],
  ['an upload URL that holds the key', json(200, { data: `http://${KEY}.example/${KEY}` })],
  ['an answer that breaks off', cutShort(200, echoes)],
  ['an answer that is not HTTP', { play: (response) => response.socket?.end(echoes) }],
  ['a reset connection', reset],
  ['no answer', stall],
];

function expectNoKey(value: unknown): void {
  const text = everythingOf(value).toLowerCase();
  for (const form of [KEY, Buffer.from(KEY).toString('base64').replace(/=+$/, '')]) {
    expect(text).not.toContain(form.toLowerCase());
  }
}

describe.each(replies)('%s', (_, reply) => {
  it('keeps the key out of errors and retry logs', async () => {
    await using upstream = await startUpstream();
    upstream.script(reply);
    const client = clientAt(upstream.url);
    const call = () => within(reply === stall ? 100 : 8_000);
    const large = { name: 'sample', size: 40_000_000, open: () => Promise.reject(new Error('no')) };
    const asks = [
      () => client.related('domains', 'example.com', 'urls', call()),
      () => client.submitUrl('http://example.com/', call()),
      () => client.submitFile(large, call()),
      () => client.file(SHA256, call()),
    ];
    for (const ask of asks) {
      const outcome = await ask().catch((error: unknown) => error);
      expectNoKey(outcome);
    }
    expectNoKey(client.retries);
    expect(upstream.requests.length).toBeGreaterThanOrEqual(4);
  });
});

it('would be found if it were there', async () => {
  const cause = new Error(`hidden ${KEY}`);
  expect(() => expectNoKey(new Error('outer', { cause }))).toThrow();
});

it('goes to no redirect and to no foreign upload URL', async () => {
  await using foreign = await startUpstream();
  foreign.script(json(200, {}));
  await using upstream = await startUpstream();
  const elsewhere = foreign.url.replace('127.0.0.1', 'localhost');
  upstream.script(
    bytes(302, '', { location: foreign.url }),
    json(200, { data: `${elsewhere}/upload` }),
  );
  const client = clientAt(upstream.url);
  const large = { name: 'sample', size: 40_000_000, open: () => Promise.reject(new Error('no')) };
  expect((await rejection(client.file(SHA256, within()))).name).toBe('UpstreamError');
  expect((await rejection(client.submitFile(large, within()))).name).toBe('UpstreamError');
  expect(foreign.connections).toBe(0);
});
