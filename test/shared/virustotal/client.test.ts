import { describe, expect, it } from 'vitest';
import type { Limits } from '../../../shared/limits.ts';
import type { VirusTotalClient } from '../../../shared/virustotal/client.ts';
import { bytes, fault, json, startUpstream } from '../../support/upstream-server.ts';
import { clientAt, descriptor, fileReport, KEY, rejection, SHA256, within } from './harness.ts';

type Ask = (client: VirusTotalClient, call: Limits) => Promise<unknown>;

const lookups: [string, Ask, string][] = [
  ['file', (c, call) => c.file(SHA256, call), `/files/${SHA256}`],
  ['url', (c, call) => c.url('http://www.google.com', call), '/urls/aHR0cDovL3d3dy5nb29nbGUuY29t'],
  ['urlById', (c, call) => c.urlById(SHA256, call), `/urls/${SHA256}`],
  [
    'ipAddress',
    (c, call) => c.ipAddress('2001:4860::8888', call),
    '/ip_addresses/2001%3A4860%3A%3A8888',
  ],
  [
    'domain',
    (c, call) => c.domain('xn--e1afmkfd.example', call),
    '/domains/xn--e1afmkfd.example?relationships=siblings%2Csubdomains',
  ],
  ['analysis', (c, call) => c.analysis('YWJj/+OjE=', call), '/analyses/YWJj%2F%2BOjE%3D'],
];

/** Understood by the schema of every lookup. */
const anyObject = {
  data: { id: SHA256, type: 'any', attributes: { status: 'queued', date: 1_700_000_000 } },
};

describe.each(lookups)('%s', (_, ask, path) => {
  it('makes one GET, keeps the path prefix, and finds the object', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, anyObject));
    const client = clientAt(`${upstream.url}/prefix/`);
    expect(await ask(client, within())).toMatchObject({ status: 'found', object: {} });
    expect(upstream.requests).toMatchObject([{ method: 'GET', path: `/prefix/api/v3${path}` }]);
  });

  it('finds nothing, or nothing yet', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(404, 'NotFoundError'), fault(400, 'NotAvailableYet'));
    const client = clientAt(upstream.url);
    expect(await ask(client, within())).toEqual({ status: 'unknown' });
    expect(await ask(client, within())).toEqual({ status: 'not-available-yet' });
  });

  it.each([
    ['a 404 of another server', bytes(404, '<html>Not Found</html>'), 'UpstreamError'],
    ['a 404 of another API', json(404, { detail: 'Not Found' }), 'UpstreamError'],
    ['a refused argument', fault(400, 'InvalidArgumentError'), 'InvalidInputError'],
    ['a refusal', fault(403, 'ForbiddenError'), 'ForbiddenByVirusTotalError'],
    ['a conflict', fault(409, 'AlreadyExistsError'), 'UpstreamError'],
    ['an object without attributes', json(200, { data: { id: SHA256 } }), 'UpstreamError'],
    ['a list', json(200, []), 'UpstreamError'],
    ['null', json(200, null), 'UpstreamError'],
  ])('never takes %s for an answer', async (_, reply, name) => {
    await using upstream = await startUpstream();
    upstream.script(reply);
    expect((await rejection(ask(clientAt(upstream.url), within()))).name).toBe(name);
    expect(upstream.requests).toHaveLength(1);
  });
});

it('sends the key, asks for JSON and gzip, and says gzip in the user agent too', async () => {
  await using upstream = await startUpstream();
  upstream.script(json(200, fileReport(SHA256)));
  await clientAt(upstream.url, { userAgent: 'tester/1' }).file(SHA256, within());
  expect(upstream.requests[0]?.headers).toMatchObject({
    'x-apikey': KEY,
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': 'tester/1 (gzip)',
  });
  expect(upstream.requests[0]?.headers).not.toHaveProperty('content-length');
});

it('says where a shape differs and quotes nothing of it', async () => {
  await using upstream = await startUpstream();
  upstream.script(json(200, { data: { id: 'not-a-digest', attributes: 7 } }));
  expect((await rejection(clientAt(upstream.url).file(SHA256, within()))).message).toBe(
    'VirusTotal answered GET /files/{id} with an unexpected body, at data.id, data.attributes',
  );
});

describe('related', () => {
  it('asks for one page of 40', async () => {
    await using upstream = await startUpstream();
    upstream.script(
      json(200, {
        data: [
          { id: SHA256, attributes: {} },
          { id: 'gone', error: {} },
        ],
        meta: { cursor: 'c' },
      }),
    );
    expect(
      await clientAt(upstream.url).related('domains', 'example.com', 'referrer_files', within()),
    ).toMatchObject({ objects: [{ id: SHA256 }], isCut: true });
    expect(upstream.requests).toMatchObject([
      { method: 'GET', path: '/api/v3/domains/example.com/referrer_files?limit=40' },
    ]);
  });

  it('takes a refusal for an answer, and nothing else', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(403, 'ForbiddenError'), fault(404, 'NotFoundError'), json(200, {}));
    const ask = () => clientAt(upstream.url).related('ip_addresses', '8.8.8.8', 'urls', within());
    expect(await ask()).toBe('forbidden');
    expect((await rejection(ask())).name).toBe('UpstreamError');
    expect((await rejection(ask())).name).toBe('UpstreamError');
  });
});

describe('submissions', () => {
  it('send a URL as a form, whatever is in it', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, descriptor));
    const url = 'https://example.com/é?a=1&b=2+3 4#f%20';
    expect(await clientAt(upstream.url).submitUrl(url, within())).toEqual({
      id: descriptor.data.id,
    });
    const [request] = upstream.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/api/v3/urls',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(request?.body.length),
      },
    });
    expect([...new URLSearchParams(String(request?.body))]).toEqual([['url', url]]);
  });

  it('ask for a new analysis without a body; its id may be a bare number', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, { data: { type: 'analysis', id: 1_599_055_356 } }));
    expect(await clientAt(upstream.url).reanalyseFile(SHA256, within())).toEqual({
      id: 1_599_055_356,
    });
    expect(upstream.requests).toMatchObject([
      { method: 'POST', path: `/api/v3/files/${SHA256}/analyse`, body: Buffer.alloc(0) },
    ]);
    expect(upstream.requests[0]?.headers['content-length']).toBe('0');
  });

  it.each([
    [fault(400, 'InvalidArgumentError', 'Unable to canonicalize url'), 'InvalidInputError'],
    [fault(404, 'NotFoundError'), 'UpstreamError'],
    [fault(409, 'AlreadyExistsError'), 'UpstreamError'],
  ])('end with a named error %#', async (reply, name) => {
    await using upstream = await startUpstream();
    upstream.script(reply);
    const client = clientAt(upstream.url);
    expect((await rejection(client.submitUrl('http://example.com/', within()))).name).toBe(name);
  });
});
