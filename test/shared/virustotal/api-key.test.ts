import { describe, expect, it } from 'vitest';
import { ApiKeyError } from '../../../shared/errors.ts';
import { fault, json, type SeenRequest, startUpstream } from '../../support/upstream-server.ts';
import {
  clientAt,
  descriptor,
  everythingOf,
  fileReport,
  keySource,
  rejection,
  SHA256,
  within,
} from './harness.ts';

const wrong = fault(401, 'WrongCredentialsError', 'Wrong API key');
const keysSeen = (requests: readonly SeenRequest[]) =>
  requests.map(({ headers }) => headers['x-apikey']);

describe('the API key', () => {
  it('is read again once after a 401, and the request is repeated', async () => {
    await using upstream = await startUpstream();
    upstream.script(wrong, json(200, fileReport(SHA256)));
    const apiKey = keySource('old', 'new');
    const client = clientAt(upstream.url, { apiKey });
    expect((await client.file(SHA256, within())).status).toBe('found');
    expect(apiKey.calls).toEqual(['get', 'refresh']);
    expect(keysSeen(upstream.requests)).toEqual(['old', 'new']);
    expect(client.retries).toEqual([]);
  });

  it('can be read again without using up a try', async () => {
    await using upstream = await startUpstream();
    const busy = fault(503, 'TransientError');
    upstream.script(wrong, busy, busy, json(200, fileReport(SHA256)));
    const client = clientAt(upstream.url, { apiKey: keySource('old', 'new') });
    expect((await client.file(SHA256, within())).status).toBe('found');
    expect(client.retries.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('that is still the same is not tried a second time', async () => {
    await using upstream = await startUpstream();
    upstream.script(wrong);
    const apiKey = keySource('same', 'same');
    const error = await rejection(clientAt(upstream.url, { apiKey }).file(SHA256, within()));
    expect(error).toMatchObject({
      name: 'ApiKeyError',
      message: 'VirusTotal refused the API key: HTTP 401, WrongCredentialsError: Wrong API key',
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('that is refused although it is new is not read a third time', async () => {
    await using upstream = await startUpstream();
    upstream.script(wrong);
    const apiKey = keySource('old', 'new');
    const error = await rejection(clientAt(upstream.url, { apiKey }).file(SHA256, within()));
    expect(error.name).toBe('ApiKeyError');
    expect(apiKey.calls).toEqual(['get', 'refresh']);
    expect(upstream.requests).toHaveLength(2);
  });

  it('is read again for a submission too: a 401 means that VirusTotal did not accept it', async () => {
    await using upstream = await startUpstream();
    upstream.script(wrong, json(200, descriptor));
    const client = clientAt(upstream.url, { apiKey: keySource('old', 'new') });
    expect(await client.submitUrl('http://example.com/', within())).toEqual({
      id: descriptor.data.id,
    });
    expect(upstream.requests).toHaveLength(2);
  });

  it.each(['', 'a b', 'secret\r\nx-evil: 1', 'sécret', 'secret\u0000'])(
    'that is invalid in a header (%j) is rejected, and neither quoted nor sent',
    async (key) => {
      await using upstream = await startUpstream();
      const client = clientAt(upstream.url, { apiKey: keySource(key) });
      const error = await rejection(client.file(SHA256, within()));
      expect(error).toMatchObject({
        name: 'ApiKeyError',
        message: 'the API key contains characters that an HTTP header cannot carry',
      });
      expect(everythingOf(error)).not.toMatch(/secret|sécret/);
      expect(upstream.connections).toBe(0);
    },
  );

  it('that cannot be read ends the call with the error of its source', async () => {
    await using upstream = await startUpstream();
    const broken = new ApiKeyError('the secret is empty');
    const apiKey = { get: () => Promise.reject(broken), refresh: () => Promise.reject(broken) };
    expect(await rejection(clientAt(upstream.url, { apiKey }).file(SHA256, within()))).toBe(broken);
    upstream.script(wrong);
    const later = { get: async () => 'old', refresh: () => Promise.reject(broken) };
    expect(await rejection(clientAt(upstream.url, { apiKey: later }).file(SHA256, within()))).toBe(
      broken,
    );
  });
});
