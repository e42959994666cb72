/** The client of the table behaves as AWS's own does: what it sends, what it retries, what it throws. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TableClient } from '../../../../shared/aws/table/table-client.ts';
import { tableEndpoint } from '../../../../shared/aws/table/table-endpoint.ts';
import { tableEnvironment } from '../../../support/dynalite.ts';
import { portOf } from '../../../support/listen.ts';
import { withoutJitter } from '../../../support/without-jitter.ts';

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isBroken?: boolean;
  readonly isMissing?: boolean;
  readonly message?: string;
}

/** DynamoDB that gives these answers, and then items. */
async function serve(...answers: readonly Answer[]) {
  const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
  const answer = (response: ServerResponse, { status = 200, type, message, headers }: Answer) => {
    const body = type ? { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message } : item;
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers });
    response.end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const planned = answers[requests.length] ?? {};
      requests.push({ headers: request.headers, body });
      if (planned.isBroken) request.socket.destroy();
      else if (!planned.isMissing) answer(response, planned);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, requests };
}

const item = { Item: { pk: { S: 'a' } } };
const input = { TableName: 'state', Key: { pk: { S: 'a' } } };
const inTime = () => AbortSignal.timeout(10_000);
const unavailable: Answer = { status: 503, type: 'ServiceUnavailable' };
const throttled: Answer = { status: 400, type: 'ProvisionedThroughputExceededException' };

function clientFor(url: string, now?: () => number) {
  return new TableClient({ environment: tableEnvironment(url), ...(now && { now }) });
}

function sdkFor(url: string): DynamoDBClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'secret' };
  const sdk = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
  onTestFinished(() => sdk.destroy());
  return sdk;
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'no error');

describe('a request', () => {
  it('is signed as AWS signs it', async () => {
    const { url, requests } = await serve();
    const client = clientFor(url);
    expect(await client.send('GetItem', input, inTime())).toEqual(item);
    const headers = requests[0]?.headers ?? {};
    const signer = new SignatureV4({
      service: 'dynamodb',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'secret' },
      sha256: (await import('@smithy/core/checksum')).Sha256,
    });
    const date = String(headers['x-amz-date']);
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: '/',
        query: {},
        headers: Object.fromEntries(
          ['host', 'content-type', 'content-length', 'x-amz-target'].map((name) => [
            name,
            String(headers[name]),
          ]),
        ),
        body: JSON.stringify(input),
      },
      { signingDate: new Date(date.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5')) },
    );
    expect(headers.authorization).toBe(signed.headers.authorization);
    expect(headers['x-amz-target']).toBe('DynamoDB_20120810.GetItem');
  });

  it.each([
    [{ AWS_REGION: 'eu-central-1' }, 'https://dynamodb.eu-central-1.amazonaws.com/'],
    [{ AWS_REGION: 'cn-north-1' }, 'https://dynamodb.cn-north-1.amazonaws.com.cn/'],
    [
      { AWS_REGION: 'us-gov-west-1', AWS_USE_FIPS_ENDPOINT: 'true' },
      'https://dynamodb-fips.us-gov-west-1.amazonaws.com/',
    ],
    [
      { AWS_REGION: 'us-east-1', AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      'https://dynamodb.us-east-1.api.aws/',
    ],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566/'],
  ])('with %j goes to %s', (environment, expected) => {
    expect(tableEndpoint(environment).href).toBe(expected);
  });

  it('needs a Region', () => {
    expect(() => tableEndpoint({})).toThrow('AWS_REGION is not set');
  });
});

describe('a failure is handled as by the SDK:', () => {
  it.each<[string, readonly Answer[]]>([
    ['throttled once', [throttled]],
    ['throttled for long', [throttled, throttled, throttled, throttled, throttled]],
    ['throttled by another name', [{ status: 400, type: 'ThrottlingException' }]],
    ['throttled by the account', [{ status: 400, type: 'RequestLimitExceeded' }]],
    ['429', [{ status: 429, type: 'Strange' }]],
    ['500', [{ status: 500, type: 'InternalServerError' }]],
    ['503 for long', [unavailable, unavailable, unavailable, unavailable, unavailable]],
    ['a broken connection', [{ isBroken: true }, { isBroken: true }]],
    ['an expired signature', [signatureExpired()]],
    ['a condition', [{ status: 400, type: 'ConditionalCheckFailedException', message: 'no' }]],
    ['a malformed request', [{ status: 400, type: 'ValidationException' }]],
    ['no permission', [{ status: 400, type: 'AccessDeniedException' }]],
    ['no table', [{ status: 400, type: 'ResourceNotFoundException' }]],
    ['501', [{ status: 501, type: 'NotImplemented' }]],
  ])('%s', async (_what, answers) => {
    withoutJitter();
    const [ours, theirs] = [await serve(...answers), await serve(...answers)];
    const got = await clientFor(ours.url).send('GetItem', input, inTime()).catch(nameOf);
    const want = await sdkFor(theirs.url).send(new GetItemCommand(input)).catch(nameOf);
    expect(ours.requests.length).toBe(theirs.requests.length);
    expect(typeof got).toBe(typeof want);
    if (typeof got === 'string' && !answers[0]?.isBroken) expect(got).toBe(want);
  });

  it('an abort ends a wait at once', async () => {
    const { url, requests } = await serve(throttled, throttled, throttled, throttled);
    const controller = new AbortController();
    const pending = clientFor(url).send('GetItem', input, controller.signal);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    expect(requests.length).toBeLessThan(2);
  });
});

function signatureExpired(): Answer {
  return {
    status: 400,
    type: 'InvalidSignatureException',
    message: 'Signature expired: 20261128T120000Z is now earlier than 20261128T121000Z',
  };
}

describe('the clock', () => {
  const dateAt = (ms: number) => ({ headers: { date: new Date(ms).toUTCString() } });

  async function correctionFor(aheadMs: number) {
    const server = Date.UTC(2026, 10, 28, 12, 0, 0, 500);
    const { url } = await serve(dateAt(server));
    // It stands: the answer takes no time.
    const client = clientFor(url, () => server + aheadMs);
    await client.send('GetItem', input, inTime());
    return client.now() - server;
  }

  it.each([-3_600_000, -5_000, -1_600, 1_600, 5_000, 86_400_000])(
    'that is %d ms off is corrected to within half a second',
    async (aheadMs) => {
      expect(Math.abs(await correctionFor(aheadMs))).toBeLessThanOrEqual(500);
    },
  );

  it.each([-1_000, -400, 0, 400, 1_000])('that is %d ms off is left alone', async (aheadMs) => {
    expect(await correctionFor(aheadMs)).toBe(aheadMs);
  });
});

describe('an answer that does not come', () => {
  it('is asked for again, a few times, within the time that the caller has', async () => {
    withoutJitter();
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 50));
    onTestFinished(() => void vi.restoreAllMocks());
    const late: Answer = { isMissing: true };
    const one = await serve(late);
    expect(await clientFor(one.url).send('GetItem', input, timeout(10_000))).toEqual(item);
    expect(one.requests).toHaveLength(2);
    const always = await serve(late, late, late, late, late);
    const failed = clientFor(always.url).send('GetItem', input, timeout(10_000));
    expect(await failed.catch(nameOf)).toBe('TimeoutError');
    expect(always.requests).toHaveLength(4);
  });
});
