/** The API key's source, against a real HTTP endpoint that answers as Secrets Manager does. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { apiKeyFromSecret } from '../../../shared/aws/api-key.ts';
import {
  json,
  type Reply,
  stall,
  startUpstream,
  type Upstream,
} from '../../support/upstream-server.ts';
import { everythingOf, KEY, rejection } from '../virustotal/harness.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:virustotal-AbCdEf';
const HOW = `fill it with aws secretsmanager put-secret-value --secret-id ${ARN} --secret-string YOUR_API_KEY`;

const value = (SecretString: string) => json(200, { ARN, Name: 'virustotal', SecretString });
const refusal = (name: string) => json(400, { __type: name, Message: `${name}: ${KEY}` });

function sourceAt({ url }: Upstream, now?: () => number) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SecretsManagerClient({ endpoint: url, region: 'eu-central-1', credentials });
  return apiKeyFromSecret({ secretArn: ARN, client, ...(now && { now }) });
}

async function refused(reply: Reply, withinMs = 5_000): Promise<Error> {
  await using upstream = await startUpstream();
  upstream.script(reply);
  const error = await rejection(sourceAt(upstream).get(Date.now() + withinMs));
  expect(everythingOf(error.message)).not.toContain(KEY);
  return error;
}

describe('the key', () => {
  it.each([
    ['bare', KEY],
    ['bare, in white space', ` \n${KEY}\r\n`],
    ['bare, after a byte order mark', `\ufeff${KEY}`],
    ['in JSON', JSON.stringify({ apiKey: KEY })],
    ['in JSON with more', `\n{ "apiKey": " ${KEY} ", "owner": "soc" }`],
  ])('is read %s', async (_, text) => {
    await using upstream = await startUpstream();
    upstream.script(value(text));
    expect(await sourceAt(upstream).get(Date.now() + 5_000)).toBe(KEY);
    expect(upstream.requests.map(({ body }) => JSON.parse(String(body)))).toEqual([
      { SecretId: ARN },
    ]);
  });

  it('is kept for five minutes, and seen to be rotated after that', async () => {
    await using upstream = await startUpstream();
    upstream.script(value('first'), value('second'));
    let now = Date.now();
    const source = sourceAt(upstream, () => now);
    expect(await source.get(now + 5_000)).toBe('first');
    now += 5 * 60_000 - 1;
    expect(await source.get(now + 5_000)).toBe('first');
    now += 1;
    expect(await source.get(now + 5_000)).toBe('second');
    expect(upstream.requests).toHaveLength(2);
  });

  it('is read again at once when VirusTotal rejected it, and kept from then on', async () => {
    await using upstream = await startUpstream();
    upstream.script(value('old'), value('new'));
    const source = sourceAt(upstream);
    const deadline = Date.now() + 5_000;
    expect(await source.get(deadline)).toBe('old');
    expect(await source.refresh(deadline)).toBe('new');
    expect(await source.get(deadline)).toBe('new');
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('a read that takes long', () => {
  /** Answers when the test says so. */
  function held(reply: Reply) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const later: Reply = {
      play: (response, request) => void promise.then(() => reply.play(response, request)),
    };
    return { later, answer: resolve };
  }

  it('is joined by the next caller, not repeated', async () => {
    await using upstream = await startUpstream();
    const { later, answer } = held(value(KEY));
    upstream.script(later);
    const source = sourceAt(upstream);
    expect((await rejection(source.get(Date.now() + 100))).name).toBe('UpstreamTimeoutError');
    const both = Promise.all([source.get(Date.now() + 5_000), source.refresh(Date.now() + 5_000)]);
    answer();
    expect(await both).toEqual([KEY, KEY]);
    expect(upstream.requests).toHaveLength(1);
  });

  it('fails for everyone who waits for it, and is begun again by the next caller', async () => {
    await using upstream = await startUpstream();
    const { later, answer } = held(refusal('AccessDeniedException'));
    upstream.script(later, value(KEY));
    const source = sourceAt(upstream);
    const both = Promise.allSettled([1, 2].map(() => source.get(Date.now() + 5_000)));
    answer();
    const denied = { status: 'rejected', reason: { name: 'ApiKeyError' } };
    expect(await both).toMatchObject([denied, denied]);
    expect(await source.get(Date.now() + 5_000)).toBe(KEY);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('a secret', () => {
  it.each([
    ['empty', value('')],
    ['blank', value(' \n')],
    ['without a text', json(200, { ARN })],
  ])('that is %s says which ARN and how to fill it', async (_, reply) => {
    expect(await refused(reply)).toMatchObject({
      name: 'ApiKeyError',
      message: `the secret ${ARN} is empty: ${HOW}`,
    });
  });

  it('that has no value says so, and how to fill it', async () => {
    expect(await refused(refusal('ResourceNotFoundException'))).toMatchObject({
      name: 'ApiKeyError',
      message: `the secret ${ARN} has no value: ${HOW}`,
    });
  });

  it.each([
    ['JSON without the key', `{"key":"${KEY}"}`, 'another text'],
    ['JSON with a key that is no text', '{"apiKey":{"a":1}}', 'another text'],
    ['JSON with an empty key', '{"apiKey":""}', 'another text'],
    ['broken JSON', `{"apiKey":"${KEY}`, 'another text'],
    ['a JSON text', JSON.stringify(KEY), 'another text'],
    ['a JSON list', JSON.stringify([KEY]), 'another text'],
    ['two words', `${KEY} ${KEY}`, 'another text'],
    ['a letter that no header carries', `${KEY}é`, 'another text'],
  ])('that holds %s is refused and not quoted', async (_, text, what) => {
    const error = await refused(value(text));
    expect(error.name).toBe('ApiKeyError');
    expect(error.message).toBe(
      `the secret ${ARN} contains ${what}, neither a bare API key nor JSON {"apiKey":"..."}: ${HOW}`,
    );
    expect(everythingOf(error)).not.toContain(KEY);
  });

  it('that is binary is refused', async () => {
    const SecretBinary = Buffer.from(KEY).toString('base64');
    const error = await refused(json(200, { ARN, SecretBinary }));
    expect(error.name).toBe('ApiKeyError');
    expect(error.message).toContain('contains binary data, neither a bare API key nor JSON');
  });

  it.each(['AccessDeniedException', 'DecryptionFailure', 'InvalidRequestException'])(
    'that may not be read (%s) is an ApiKeyError',
    async (name) => {
      expect(await refused(refusal(name))).toMatchObject({
        name: 'ApiKeyError',
        message: `the function may not read the secret ${ARN} (${name})`,
      });
    },
  );
});

describe('Secrets Manager', () => {
  it('out of order is retryable', async () => {
    const error = await refused(json(500, { __type: 'InternalServiceError' }));
    expect(error).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: 'could not read the API key secret (InternalServiceError); try again',
    });
  });

  it('without an answer ends by the deadline', async () => {
    expect(await refused(stall, 300)).toMatchObject({
      name: 'UpstreamTimeoutError',
      message: 'could not read the API key secret in the time left',
    });
  });

  it('ends at once when no time is left', async () => {
    await using upstream = await startUpstream();
    upstream.script(value(KEY));
    const error = await rejection(sourceAt(upstream).get(Date.now() - 1));
    expect(error.name).toBe('UpstreamTimeoutError');
  });
});
