import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import { apiDocument } from '../fixtures/api.ts';
import { type Asked, apiOf, expectError, invokerOf, method, posted, serve } from './harness.ts';

describe('an unknown route', () => {
  it.each<[string, Asked]>([
    ['', {}],
    ['/', {}],
    ['/nowhere', {}],
    ['/files/a/b', {}],
    ['/files/', {}],
    ['/files//', {}],
    ['/FILES/x', {}],
    ['/__proto__', {}],
    ['/files', {}],
    ['/files/x', { method: 'DELETE' }],
    ['/files', { method: 'OPTIONS', headers: { origin: 'https://a.example.com' } }],
  ])('%s %j', async (path, asked) => {
    const { ask, events, served } = await serve();
    const answered = await ask(path, asked);
    expectError(answered, 403, 'AccessDeniedError');
    expect(answered.headers).not.toHaveProperty('access-control-allow-origin');
    expect(served[0]?.refusal).toBe('MISSING_AUTHENTICATION_TOKEN');
    expect(events).toEqual([]);
  });

  it('answers HEAD without a body', async () => {
    const { ask } = await serve();
    const { status, text, headers } = await ask('/files/x', { method: 'HEAD' });
    expect({ status, text }).toEqual({ status: 403, text: '' });
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  });

  it.each(['/files/x', '/v2/files/x', '/v1x', '/'])('in another stage: %s', async (path) => {
    const { url, events } = await serve();
    const response = await fetch(new URL(path, url));
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'Forbidden' });
    expect(events).toEqual([]);
  });
});

describe('bodies that the validator refuses', () => {
  it.each(['no JSON', '[]', '"text"', 'null', '1', '{"a":', '{}{}'])('%s', async (body) => {
    const { ask, events } = await serve();
    const message = expectError(await ask('/urls', posted(body)), 400, 'InvalidInputError');
    expect(message).toBe('text of BAD_REQUEST_BODY');
    expect(events).toEqual([]);
  });

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON'])('as %s', async (type) => {
    const { ask } = await serve();
    const answered = await ask('/urls', posted('[]', { 'content-type': type }));
    expectError(answered, 400, 'InvalidInputError');
  });

  it('as JSON, without a media type', async () => {
    const { ask } = await serve();
    expectError(await ask('/urls', { method: 'POST', body: '[]' }), 400, 'InvalidInputError');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/problem+json'])(
    'but not as %s, which has no model',
    async (type) => {
      const { ask, events } = await serve();
      const { status } = await ask('/urls', posted('no JSON', { 'content-type': type }));
      expect(status).toBe(200);
      expect(events[0]?.body).toBe('no JSON');
    },
  );
});

describe('too much', () => {
  it.each([
    ['a body over 10 MB', 11_000_000],
    ['an event over the 6 MB that Lambda takes', 7_000_000],
  ])('is %s', async (_, length) => {
    const { ask, events, served } = await serve();
    const answered = await ask('/urls', posted(`{"url":"${'a'.repeat(length)}"}`));
    // The document maps it to 400.
    const message = expectError(answered, 400, 'InvalidInputError');
    expect(message).toBe('text of REQUEST_TOO_LARGE');
    expect(served[0]?.refusal).toBe('REQUEST_TOO_LARGE');
    expect(events).toEqual([]);
  });

  it('is 413 without a gateway response in the document', async () => {
    const { ask } = await serve({ api: apiOf({ paths: { '/': { post: method() } } }) });
    const { status, text } = await ask('/', { method: 'POST', body: Buffer.alloc(11_000_000) });
    expect({ status, text }).toEqual({ status: 413, text: '{"message":"Request Too Long"}' });
  });

  it.each(['{x}', 'a|b'])('is a query with %s, which must be percent-encoded', async (text) => {
    const { ask, events, served } = await serve();
    expectError(await ask(`/urls?url=http://a.example/${text}`), 400, 'InvalidInputError');
    expect(served[0]?.refusal).toBe('DEFAULT_4XX');
    expect(events).toEqual([]);
  });
});

describe('API keys', () => {
  const key = { logicalId: 'Key', id: 'key1', value: 'k'.repeat(40) };
  const api = apiOf(apiDocument('api-key'), { apiKeys: [key] });

  it.each([{}, { 'x-api-key': 'wrong' }, { 'x-api-key': '' }])(
    '%j contains no valid key',
    async (headers) => {
      const { ask, events } = await serve({ api });
      const answered = await ask('/files/x', { headers });
      expectError(answered, 403, 'AccessDeniedError');
      expect(answered.headers['x-amzn-errortype']).toBe('ForbiddenException');
      expect(events).toEqual([]);
    },
  );

  it('come before validation', async () => {
    const { ask } = await serve({ api });
    expectError(await ask('/urls', posted('[]')), 403, 'AccessDeniedError');
  });

  it('admit a request, and appear in its event', async () => {
    const { ask, events } = await serve({ api });
    const { status } = await ask('/files/x', { headers: { 'X-API-Key': key.value } });
    expect(status).toBe(200);
    expect(events[0]?.requestContext).toMatchObject({
      identity: { apiKey: key.value, apiKeyId: 'key1' },
    });
  });

  it('can be given instead of those of the template', async () => {
    const own = { logicalId: 'Own', id: 'own1', value: 'own' };
    const invoker = invokerOf(async () => ({ status: 'succeeded', payload: '{}' }));
    const gateway = await startGateway({ api, invoker, clock: createClock(), apiKeys: [own] });
    const statusWith = async (value: string) =>
      (await fetch(`${gateway.url}/files/x`, { headers: { 'x-api-key': value } })).status;
    expect([await statusWith('own'), await statusWith(key.value)]).toEqual([200, 403]);
    await gateway.close();
  });

  it('are not required where requests are signed', async () => {
    const { ask } = await serve();
    expect((await ask('/files/x')).status).toBe(200);
  });
});

it('fails to start on a port in use', async () => {
  const { url } = await serve();
  const invoker = invokerOf(async () => ({ status: 'succeeded', payload: '{}' }));
  const api = apiOf(apiDocument());
  const port = Number(new URL(url).port);
  await expect(startGateway({ api, invoker, clock: createClock(), port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
