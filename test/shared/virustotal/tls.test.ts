import { selfSigned } from '@local/virustotal/testing';
import { describe, expect, it } from 'vitest';
import { json, startUpstream } from '../../support/upstream-server.ts';
import { clientAt, fileReport, rejection, SHA256, within } from './harness.ts';

const day = 86_400_000;

describe('TLS', () => {
  it('is verified; a bad certificate is rejected without a retry, and the error says why', async () => {
    await using upstream = await startUpstream({ tls: selfSigned() });
    upstream.script(json(200, fileReport(SHA256)));
    const client = clientAt(upstream.url);
    expect(await rejection(client.file(SHA256, within()))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message:
        'the TLS certificate of the VirusTotal server is not trusted (self-signed certificate, DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
    expect(upstream.connections).toBe(1);
    expect(upstream.requests).toHaveLength(0);
    expect(client.retries).toEqual([]);
  });

  it('is not verified by a client that was told so, and by that client alone', async () => {
    await using upstream = await startUpstream({ tls: selfSigned({ host: 'other.example' }) });
    upstream.script(json(200, fileReport(SHA256)));
    const lax = clientAt(upstream.url, { verifyTls: false });
    expect((await lax.file(SHA256, within())).status).toBe('found');
    const strict = clientAt(upstream.url);
    expect((await rejection(strict.file(SHA256, within()))).name).toBe('UpstreamUnavailableError');
    expect((await lax.file(SHA256, within())).status).toBe('found');
    await expect(fetch(upstream.url)).rejects.toThrow();
    expect(process.env.NODE_TLS_REJECT_UNAUTHORIZED).toBeUndefined();
  });

  it('with an expired certificate is refused, for a submission as well', async () => {
    const tls = selfSigned({ from: Date.now() - 9 * day, until: Date.now() - day });
    await using upstream = await startUpstream({ tls });
    const client = clientAt(upstream.url);
    expect(await rejection(client.submitUrl('http://example.com/', within()))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringMatching(/is not trusted \(.+, [A-Z_]+\)$/),
    });
    expect(upstream.requests).toHaveLength(0);
  });

  it('that the server does not speak is a failed connection', async () => {
    await using upstream = await startUpstream();
    const client = clientAt(upstream.url.replace('http:', 'https:'));
    expect(await rejection(client.submitUrl('http://example.com/', within()))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringMatching(/^no connection to the VirusTotal server \([A-Z0-9_]+\)$/),
    });
    expect(client.retries).toHaveLength(2);
    expect(upstream.requests).toHaveLength(0);
  });
});
