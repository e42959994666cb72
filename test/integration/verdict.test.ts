/** The four reputations with their verdicts: handlers, client and simulator together, over real HTTP. */

import { eicarBytes, PREMIUM_KEY, type Simulator, seen, startSimulator } from '@local/virustotal';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LambdaHandler } from '../../shared/lambda/adapter.ts';
import { openTable, type Table } from '../support/dynalite.ts';
import { loadFunction, setEnvironment } from '../support/environment.ts';
import { restApiEvent } from '../support/events.ts';
import { withoutQuota } from '../support/functions.ts';
import { json, startUpstream } from '../support/upstream-server.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:virustotal-AbCdEf';
const CONFIGURED = JSON.stringify({ name: 'ours', url: { malicious: { count: 90 } } });
const eicar = seen(eicarBytes());
const HOUR_SECONDS = 3600;

let simulator: Simulator;
let secrets: Awaited<ReturnType<typeof startUpstream>>;
let table: Table;
let restore: () => void;
const handlers = new Map<string, LambdaHandler>();

beforeAll(async () => {
  simulator = await startSimulator();
  secrets = await startUpstream();
  secrets.script(json(200, { ARN, Name: 'virustotal', SecretString: PREMIUM_KEY }));
  table = await openTable();
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: secrets.url,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    STATE_TABLE: table.tableName,
    ...withoutQuota,
    VIRUSTOTAL_API_KEY_SECRET_ARN: ARN,
    VIRUSTOTAL_SERVER_URL: simulator.url,
    VIRUSTOTAL_VERDICT_POLICY: CONFIGURED,
  };
  // The functions read it once, when they are loaded.
  restore = setEnvironment(environment);
  for (const type of ['file', 'url', 'ip', 'domain']) {
    const stem = `${type}-reputation`;
    const { handler } = await loadFunction<{ readonly handler: LambdaHandler }>(stem);
    handlers.set(type, handler);
  }
});

afterAll(async () => {
  restore();
  table.close();
  await simulator.close();
  await secrets[Symbol.asyncDispose]();
});

async function invoke(type: string, event: unknown): Promise<unknown> {
  const context: Partial<Context> = {
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => 10_000,
  };
  return await handlers.get(type)?.(event, context as Context);
}

const now = () => Math.floor(Date.now() / 1000);

describe('a direct call', () => {
  it.each<[type: string, input: object, value: string]>([
    ['file', { hash: eicar.md5 }, 'malicious'],
    ['file', { hash: 'ab'.repeat(32) }, 'unknown'],
    ['file', { scan_id: `${'ab'.repeat(32)}-${now() - HOUR_SECONDS}` }, 'pending'],
    ['url', { url: 'http://example.com/' }, 'clean'],
    ['url', { url: 'http://10.0.0.1/' }, 'skipped'],
    ['url', { url: 'http://unseen.example.com/' }, 'unknown'],
    ['url', { scan_id: `${'ab'.repeat(32)}-${now() - HOUR_SECONDS}` }, 'pending'],
    ['ip', { ip: '203.0.113.7', details: 'summary' }, 'malicious'],
    ['ip', { ip: '203.0.113.8', details: 'summary' }, 'suspicious'],
    ['ip', { ip: '198.51.100.1', details: 'summary' }, 'clean'],
    ['ip', { ip: '198.51.100.99', details: 'summary' }, 'unknown'],
    ['ip', { ip: '192.0.2.1', details: 'summary' }, 'unknown'],
    ['ip', { ip: '10.0.0.1' }, 'skipped'],
    ['domain', { domain: 'malware.example.com', details: 'summary' }, 'malicious'],
    ['domain', { domain: 'example.com', details: 'summary' }, 'clean'],
    ['domain', { domain: 'unknown.example.org', details: 'summary' }, 'unknown'],
    ['domain', { domain: 'intranet' }, 'skipped'],
  ])('%s %j: %s', async (type, input, value) => {
    expect(await invoke(type, input)).toMatchObject({
      verdict: { value, policy: { name: 'ours' } },
    });
  });

  it('is judged by its own policy, which replaces the configured one', async () => {
    const url = 'http://malware.example.com/';
    const verdict = async (policy?: unknown) => await invoke('url', { url, policy });
    expect(await verdict()).toMatchObject({ verdict: { value: 'suspicious' } });
    expect(await verdict('strict')).toMatchObject({
      verdict: { value: 'malicious', policy: { name: 'strict' } },
    });
    const allow = [{ url: 'hxxp://MALWARE.example[.]com:80', reason: 'our honeypot' }];
    expect(await verdict({ allow })).toMatchObject({
      verdict: { value: 'clean', allowed_because: 'our honeypot', policy: { name: 'custom' } },
    });
  });

  it.each([
    ['file', { hash: eicar.md5 }, { digest: eicar.sha256 }],
    ['file', { hash: eicar.sha256 }, { digest: eicar.sha1 }],
    ['ip', { ip: '203[.]0.113.7', details: 'summary' }, { ip: '203.0.113.7' }],
    ['domain', { domain: 'malware.example.com', details: 'summary' }, { domain: 'example.com' }],
  ])('%s %j is clean when the allow list names it by %j', async (type, input, indicator) => {
    const policy = { allow: [{ ...indicator, reason: 'known' }] };
    expect(await invoke(type, { ...input, policy })).toMatchObject({
      verdict: { value: 'clean', allowed_because: 'known' },
    });
  });

  it('rejects a bad policy and names its field, before anything is sent', async () => {
    const sent = simulator.requests.length;
    const policy = { ip: { malicious: { count: 0 } } };
    await expect(invoke('ip', { ip: '203.0.113.7', policy })).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringMatching(/^policy\.ip\.malicious\.count: got the number 0; allowed: /),
    });
    expect(simulator.requests).toHaveLength(sent);
  });
});

describe('an HTTP call', () => {
  const get = (policy: string) =>
    restApiEvent({
      method: 'GET',
      route: '/ip-addresses/{ip}',
      path: { ip: '203.0.113.8' },
      query: [
        ['details', 'summary'],
        ['policy', policy],
      ],
    });

  it("takes a preset's name", async () => {
    const answer = await invoke('ip', get('conservative'));
    const body = expect.stringContaining('"policy":{"name":"conservative",');
    expect(answer).toMatchObject({ statusCode: 200, body });
  });

  it.each(['lenient', '{"preset":"strict"}'])('takes nothing else: %s', async (policy) => {
    const answer = await invoke('ip', get(policy));
    const body = expect.stringContaining('"message":"policy: got ');
    expect(answer).toMatchObject({ statusCode: 400, body });
  });
});
