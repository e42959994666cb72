import { describe, expect, it } from 'vitest';
import { apiDocument } from '../fixtures/api.ts';
import { apiOf, method, posted, serve } from './harness.ts';

const HASH = '44d88612fea8a8f36de82e1278abb02f';

describe('headers', () => {
  it('keep all values, and the last one as the single value', async () => {
    const { ask, events } = await serve();
    await ask(`/files/${HASH}`, { headers: { 'X-Many': ['one', 'two'], Connection: 'close' } });
    expect(events[0]).toMatchObject({
      headers: { 'X-Many': 'two' },
      multiValueHeaders: { 'X-Many': ['one', 'two'] },
    });
    expect(Object.keys(Object(events[0]?.headers))).not.toContain('Connection');
  });

  it('keep the proxies and the trace of the request', async () => {
    const { ask, events } = await serve();
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    const headers = { 'x-forwarded-for': '192.0.2.7', 'x-amzn-trace-id': trace };
    await ask(`/files/${HASH}`, { headers });
    expect(events[0]?.headers).toMatchObject({
      'X-Forwarded-For': '192.0.2.7, 127.0.0.1',
      'X-Amzn-Trace-Id': trace,
    });
  });
});

describe('bodies', () => {
  it('are text', async () => {
    const { ask, events } = await serve();
    const body = '{"url":"http://example.com/é€😀"}';
    await ask('/urls', posted(body, { 'Content-Length': Buffer.byteLength(body) }));
    expect(events[0]).toMatchObject({ body, isBase64Encoded: false });
    expect(Object.keys(Object(events[0]?.headers))).not.toContain('Content-Length');
  });

  it('are null without a body', async () => {
    const { ask, events } = await serve();
    await ask('/urls', posted(''));
    expect(events[0]?.body).toBeNull();
  });

  it('can be 1 MB', async () => {
    const { ask, events } = await serve();
    const body = JSON.stringify({ url: 'a'.repeat(1_000_000) });
    await ask('/urls', posted(body));
    expect(events[0]?.body).toBe(body);
  });

  it('are base64 for binary media types', async () => {
    const api = apiOf({ paths: { '/': { post: method() } } }, { binaryMediaTypes: ['image/png'] });
    const { ask, events } = await serve({ api });
    const body = Buffer.from([0, 255, 128]);
    await ask('/', { method: 'POST', body, headers: { 'content-type': 'image/png' } });
    await ask('/', { method: 'POST', body: 'text', headers: { 'content-type': 'text/plain' } });
    expect(events).toMatchObject([
      { body: 'AP+A', isBase64Encoded: true },
      { body: 'text', isBase64Encoded: false },
    ]);
  });
});

it('has the variables of the stage', async () => {
  const stageVariables = { colour: 'red' };
  const { ask, events } = await serve({ api: apiOf(apiDocument(), { stageVariables }) });
  await ask(`/files/${HASH}`);
  expect(events[0]?.stageVariables).toEqual(stageVariables);
});
