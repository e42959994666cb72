import { Agent, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { apiOf, method, posted, serve } from './harness.ts';

describe("a function's answer", () => {
  it('comes back with status, headers and body', async () => {
    const { ask } = await serve({
      respond: () => ({
        statusCode: 202,
        headers: { 'content-type': 'text/plain; charset=utf-8', Location: '/x', 'X-True': true },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
        body: 'grüße',
        isBase64Encoded: false,
      }),
    });
    const { status, headers, text } = await ask('/files/x');
    expect({ status, text }).toEqual({ status: 202, text: 'grüße' });
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      location: '/x',
      'x-true': 'true',
      'set-cookie': ['a=1', 'b=2'],
      'content-length': '7',
    });
  });

  it('carries the ids of the request', async () => {
    const { ask, events } = await serve();
    const { headers } = await ask('/files/x');
    const context = Object(events[0]?.requestContext);
    expect(headers['x-amzn-requestid']).toBe(context.requestId);
    expect(headers['x-amz-apigw-id']).toBe(context.extendedRequestId);
    expect(headers['x-amzn-trace-id']).toBe(Object(events[0]?.headers)['X-Amzn-Trace-Id']);
  });

  it.each([
    [{}, 200, ''],
    [{ body: 'only a body' }, 200, 'only a body'],
    [{ statusCode: '404', body: null, headers: null, multiValueHeaders: null }, 404, ''],
    [{ statusCode: 204 }, 204, ''],
  ])('needs no field: %j', async (answer, status, text) => {
    const { ask } = await serve({ respond: () => answer });
    const answered = await ask('/files/x');
    expect(answered).toMatchObject({ status, text });
    expect(answered.headers['content-type']).toBe('application/json');
  });

  it('has precedence for multi-value headers', async () => {
    const answer = { headers: { 'X-One': 'single' }, multiValueHeaders: { 'x-one': ['a', 'b'] } };
    const { ask } = await serve({ respond: () => answer });
    expect((await ask('/files/x')).headers['x-one']).toBe('a, b');
  });

  it('cannot set headers of the gateway', async () => {
    const { ask, events } = await serve({
      respond: () => ({
        headers: {
          'Content-Length': '1',
          Date: 'yesterday',
          'WWW-Authenticate': 'Basic',
          'x-amzn-RequestId': 'mine',
          'Transfer-Encoding': 'chunked',
        },
        body: 'whole',
      }),
    });
    const { headers, text } = await ask('/files/x');
    expect(text).toBe('whole');
    expect(headers).toMatchObject({
      'content-length': '5',
      'x-amzn-remapped-content-length': '1',
      'x-amzn-remapped-date': 'yesterday',
      'x-amzn-remapped-www-authenticate': 'Basic',
      'x-amzn-remapped-x-amzn-requestid': 'mine',
      'x-amzn-requestid': Object(events[0]?.requestContext).requestId,
    });
    expect(headers).not.toHaveProperty('transfer-encoding');
  });

  it.each([
    ['image/png', ['image/png'], 'PNG'],
    ['image/png, */*', ['image/png'], 'PNG'],
    ['text/html', ['image/png'], 'UE5H'],
    ['text/html', ['*/*'], 'PNG'],
    ['image/png', [], 'UE5H'],
  ])('in base64, accepted as %s by an API with %j', async (accept, binaryMediaTypes, text) => {
    const api = apiOf({ paths: { '/': { get: method() } } }, { binaryMediaTypes });
    const { ask } = await serve({ api, respond: () => ({ body: 'UE5H', isBase64Encoded: true }) });
    expect((await ask('/', { headers: { accept } })).text).toBe(text);
  });
});

describe('connections', () => {
  it('are kept for further requests', async () => {
    const { ask } = await serve({ respond: ({ body }) => ({ body }) });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports: (number | undefined)[] = [];
    agent.on('free', ({ localPort }) => ports.push(localPort));
    expect((await ask('/urls', { ...posted('{"url":"1"}'), agent })).text).toBe('{"url":"1"}');
    expect((await ask('/nowhere', { agent })).status).toBe(403);
    expect((await ask('/urls', { ...posted('{"url":"2"}'), agent })).text).toBe('{"url":"2"}');
    await new Promise((resolve) => setImmediate(resolve));
    agent.destroy();
    expect(ports).toHaveLength(3);
    expect(new Set(ports).size).toBe(1);
  });

  it('may be left by the client while the function runs', async () => {
    const began = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const { url, ask, events } = await serve({
      respond: async ({ httpMethod }) => {
        if (httpMethod === 'GET') return;
        began.resolve();
        await released.promise;
      },
    });
    const leaving = request(`${url}/urls`, { method: 'POST' }).on('error', () => undefined);
    leaving.end('{}');
    await began.promise;
    leaving.destroy();
    released.resolve();
    expect((await ask('/files/x')).status).toBe(200);
    expect(events).toHaveLength(2);
  });

  it('may be left by the client while it sends', async () => {
    const { url, ask, events } = await serve();
    const headers = { 'content-length': 1000 };
    const leaving = request(`${url}/urls`, { method: 'POST', headers });
    const left = new Promise((resolve) => leaving.on('error', resolve).on('close', resolve));
    await new Promise((resolve) => leaving.write('{', resolve));
    leaving.destroy();
    await left;
    expect((await ask('/files/x')).status).toBe(200);
    expect(events).toHaveLength(1);
  });

  it('may be many at once', async () => {
    const { ask } = await serve({
      respond: ({ pathParameters }) => ({ body: pathParameters?.resource }),
    });
    const names = Array.from({ length: 50 }, (_, index) => String(index));
    const answers = await Promise.all(names.map((name) => ask(`/files/${name}`)));
    expect(answers.map(({ text }) => text)).toEqual(names);
  });
});

it('logs each request without its query', async () => {
  const { ask, served } = await serve({ respond: () => ({ statusCode: 404 }) });
  const { headers } = await ask('/urls?url=secret');
  await ask('/nowhere?url=secret');
  expect(served).toEqual([
    {
      requestId: headers['x-amzn-requestid'],
      method: 'GET',
      path: '/v1/urls',
      resourcePath: '/urls',
      operationName: 'get_url',
      status: 404,
      durationMs: expect.any(Number),
    },
    expect.objectContaining({
      path: '/v1/nowhere',
      status: 403,
      refusal: 'MISSING_AUTHENTICATION_TOKEN',
    }),
  ]);
});
