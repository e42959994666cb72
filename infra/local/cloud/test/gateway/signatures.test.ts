import { createHash, createHmac } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { apiDocument } from '../fixtures/api.ts';
import { type Asked, apiOf, expectError, serve } from './harness.ts';

const key = { accessKeyId: 'local', secretAccessKey: 'secret' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (secret: string | Buffer, text: string) =>
  createHmac('sha256', secret).update(text).digest();

/** What is signed, and how; tests change single parts. */
interface Signing {
  readonly path?: string;
  /** Canonical: sorted and encoded. */
  readonly query?: string;
  readonly body?: string;
  readonly method?: string;
  readonly at?: number;
  readonly secret?: string;
  readonly id?: string;
  readonly region?: string;
  readonly service?: string;
}

/** Signs as AWS describes it, without the library that the gateway uses. */
function signed(url: string, signing: Signing = {}): OutgoingHttpHeaders {
  const { path = '', query = '', body = '', method = 'GET', at = Date.now() } = signing;
  const {
    id = 'local',
    secret = 'secret',
    region = 'us-east-1',
    service = 'execute-api',
  } = signing;
  const date = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [date.slice(0, 8), region, service, 'aws4_request'];
  const { host } = new URL(url);
  // Encoded once more, apart from S3.
  const canonicalPath = `/v1${path}`.replaceAll('%', '%25');
  const headers = `host:${host}\nx-amz-date:${date}\n\nhost;x-amz-date`;
  const canonical = [method, canonicalPath, query, headers, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const signingKey = scope.reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(signingKey, toSign).toString('hex');
  return {
    'x-amz-date': date,
    authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope.join('/')}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
}

const serveSigned = () => serve({ signingKey: key });

describe('a signed request', () => {
  it.each<[string, Signing]>([
    ['/files/x', {}],
    ['/files/a%3Ab', {}],
    ['/urls?url=http%3A%2F%2Fa.example%2F%3Fx%3D1%262', {}],
    ['/urls?b=2&url=x&a=1', { query: 'a=1&b=2&url=x' }],
    ['/files', { method: 'POST', body: '{"key":"ü"}' }],
  ])('is answered: %s %j', async (target, signing) => {
    const { ask, url } = await serveSigned();
    const [path = '', query = ''] = target.split('?');
    const { method = 'GET', body } = signing;
    const headers = {
      ...signed(url, { path, query, ...signing }),
      'content-type': 'application/json',
    };
    expect((await ask(target, { method, headers, ...(body && { body }) })).status).toBe(200);
  });

  it('gives the function the identity of its caller', async () => {
    const { ask, url, events } = await serveSigned();
    await ask('/files/x', { headers: signed(url, { path: '/files/x' }) });
    expect(events[0]?.requestContext).toMatchObject({
      identity: {
        accessKey: 'local',
        userArn: 'arn:aws:iam::000000000000:user/local',
        accountId: '000000000000',
      },
    });
  });
});

describe('a request is refused', () => {
  const path = '/files/x';
  const minutes = 60_000;

  it.each<[string, Signing]>([
    ['signed with another secret', { secret: 'other' }],
    ['signed with another key', { id: 'other' }],
    ['signed for another service', { service: 's3' }],
    ['signed for another Region', { region: 'eu-central-1' }],
    ['signed six minutes ago', { at: Date.now() - 6 * minutes }],
    ['signed six minutes ahead', { at: Date.now() + 6 * minutes }],
    ['signed for another path', { path: '/files/y' }],
    ['signed for another query', { query: 'a=1' }],
    ['signed for another method', { method: 'POST' }],
    ['signed for another body', { body: 'other' }],
  ])('%s', async (_, signing) => {
    const { ask, url, events, served } = await serveSigned();
    const answered = await ask(path, { headers: signed(url, { path, ...signing }) });
    expectError(answered, 403, 'AccessDeniedError');
    expect(answered.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
    expect(served[0]?.refusal).toBe('INVALID_SIGNATURE');
    expect(events).toEqual([]);
  });

  it.each<[string, OutgoingHttpHeaders]>([
    ['with another scheme', { authorization: 'Bearer x' }],
    ['without its time', { 'x-amz-date': undefined }],
    ['with a malformed time', { 'x-amz-date': 'yesterday' }],
    ['with the digest of another body', { 'x-amz-content-sha256': sha256('other') }],
  ])('%s', async (_, change) => {
    const { ask, url, events } = await serveSigned();
    const headers = { ...signed(url, { path }), ...change };
    const given = Object.entries(headers).filter(([, value]) => value !== undefined);
    const asked: Asked = { headers: Object.fromEntries(given) };
    expectError(await ask(path, asked), 403, 'AccessDeniedError');
    expect(events).toEqual([]);
  });

  it.each(['/files/x', '/urls', '/nowhere'])('unsigned: %s', async (target) => {
    const { ask, served, events } = await serveSigned();
    expectError(await ask(target), 403, 'AccessDeniedError');
    expect(served[0]?.refusal).toBe('MISSING_AUTHENTICATION_TOKEN');
    expect(events).toEqual([]);
  });
});

it('checks no signature without a key, nor where the API does not ask for one', async () => {
  const { ask } = await serve();
  expect((await ask('/files/x')).status).toBe(200);
  const apiKeys = [{ logicalId: 'Key', id: 'key', value: 'the-key' }];
  const keyed = await serve({ signingKey: key, api: apiOf(apiDocument('api-key'), { apiKeys }) });
  expect((await keyed.ask('/files/x', { headers: { 'x-api-key': 'the-key' } })).status).toBe(200);
});
