/** The whole handler of an operation: events in, responses and log lines out. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ApiKeyError,
  type ConnectorError,
  errorTable,
  ForbiddenByVirusTotalError,
  InvalidInputError,
  ObjectAccessDeniedError,
  ObjectNotFoundError,
  ObjectTooLargeError,
  QuotaExceededError,
  UpstreamError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../../shared/errors.ts';
import type { LambdaHandler } from '../../../shared/lambda/adapter.ts';
import { type Answerer, operationHandler } from '../../../shared/lambda/operation-handler.ts';
import { fileReputation, submitUrl } from '../../../shared/operations/catalogue.ts';
import { submitUrlNotSent } from '../../../shared/operations/submit-url/map.ts';
import { type HttpRequest, httpApiEvent, restApiEvent } from '../../support/events.ts';
import { lambdaContext } from '../../support/lambda-context.ts';
import { rejection } from '../virustotal/harness.ts';

const URL_OF_CALLER = 'http://indicator.example.com/secret-path';
const OUTPUT = submitUrlNotSent('as the core says', 'because');
const post = (body: string | undefined, parts: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  route: '/urls',
  ...(body !== undefined && { body }),
  ...parts,
});

/** A payload 1.0 event of an HTTP API says its version. */
const httpApiEvent1 = (request: HttpRequest): Record<string, unknown> => ({
  ...restApiEvent(request),
  version: '1.0',
});

const payloads = [
  ['REST API, payload 1.0', restApiEvent],
  ['HTTP API, payload 1.0', httpApiEvent1],
  ['HTTP API, payload 2.0', httpApiEvent],
] as const;

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
}

/** Invokes over HTTP and reads the answer. */
async function answerOf(
  handler: LambdaHandler,
  event: unknown,
  context = lambdaContext(),
): Promise<Answer> {
  const answer = await handler(event, context);
  expect(answer).toEqual({
    statusCode: expect.any(Number),
    headers: expect.anything(),
    body: expect.any(String),
  });
  const { statusCode, headers, body } = answer as Omit<Answer, 'json'> & { body: string };
  return { statusCode, headers, json: JSON.parse(body) };
}

/** A handler that records the calls of its answerer. */
function counting(core: Answerer<typeof submitUrl> = async () => OUTPUT) {
  const seen: Parameters<typeof core>[] = [];
  const handler = operationHandler(submitUrl, (...call) => {
    seen.push(call);
    return core(...call);
  });
  return { handler, seen };
}

const failing = (error: unknown) =>
  operationHandler(submitUrl, async () => {
    throw error;
  });

/** Everything written to stdout, and its parsed lines. */
const written = () => vi.mocked(process.stdout.write).mock.calls.map(([text]) => String(text));
const lines = () => written().map((line) => JSON.parse(line));

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(payloads)('%s', (_, make) => {
  const requestId = Reflect.get(Object(make(post('{}')).requestContext), 'requestId');

  it('passes on the parsed input, and responds with the output', async () => {
    const { handler, seen } = counting();
    const answer = await answerOf(handler, make(post(JSON.stringify({ url: 'hxxp://a[.]com' }))));
    expect(answer).toEqual({
      statusCode: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      json: OUTPUT,
    });
    expect(seen[0]?.[0]).toEqual({ url: { url: 'http://a.com', host: 'a.com' } });
  });

  it('accepts a body in Base64', async () => {
    const { handler, seen } = counting();
    const body = Buffer.from(JSON.stringify({ url: 'http://a.com/é' })).toString('base64');
    expect(await answerOf(handler, make(post(body, { isBase64Encoded: true })))).toMatchObject({
      statusCode: 200,
    });
    expect(seen[0]?.[0].url.url).toBe('http://a.com/é');
  });

  it('accepts a body with any content type', async () => {
    const { handler } = counting();
    const headers = { 'content-type': 'text/plain' };
    const event = make(post('{"url":"http://a.com/"}', { headers }));
    expect((await answerOf(handler, event)).statusCode).toBe(200);
  });

  const megabyte = 'x'.repeat(1_000_000);
  it.each<[string, string | undefined, RegExp]>([
    ['no body', undefined, /^(?:body|input): /],
    ['an empty body', '', /^body: got text that is not valid JSON/],
    ['text', 'url=http://a.com', /^body: got text that is not valid JSON; allowed: a JSON object$/],
    [
      'a byte order mark',
      '\ufeff{"url":"http://a.com/"}',
      /^body: got text that is not valid JSON/,
    ],
    ['cut JSON', '{"url":"http://a.com/"', /^body: got text that is not valid JSON/],
    ['null', 'null', /^input: got null; allowed: an object with url, upload$/],
    [
      'a list',
      '["http://a.com/"]',
      /^input: got an array of 1; allowed: an object with url, upload$/,
    ],
    ['a text in JSON', '"http://a.com/"', /^input: got "http:\/\/a.com\/"; allowed: an object/],
    ['an empty object', '{}', /^url: got nothing; allowed: an http or https URL/],
    ['another type', '{"url":["http://a.com/"]}', /^url: got an array of 1; allowed: /],
    ['null for a text', '{"url":null}', /^url: got null; allowed: /],
    ['an empty text', '{"url":""}', /^url: got an empty string; allowed: /],
    [
      'control characters',
      '{"url":"http://a.com/\\u0000"}',
      /^url: got "http:\/\/a.com\/\\u0000" /,
    ],
    [
      'an unknown property',
      '{"url":"http://a.com/","x":1}',
      /^"x": unknown property; allowed: url, upload$/,
    ],
    [
      '__proto__',
      '{"__proto__":{"url":"http://a.com/"}}',
      /^"__proto__": this property is not allow/,
    ],
    [
      'constructor',
      '{"constructor":{"prototype":{}}}',
      /^"constructor": this property is not allow/,
    ],
    ['a harmless constructor', '{"constructor":1}', /"constructor": unknown property/],
    [
      'a megabyte in the field',
      `{"url":"${megabyte}"}`,
      /^url: got "x{80}"... \(1000000 characters\)/,
    ],
    ['a megabyte of text', megabyte, /^body: got text that is not valid JSON/],
    ['a megabyte of brackets', '['.repeat(1_000_000), /^body: got text that is not valid JSON/],
    ['a deep list', `{"url":${'['.repeat(5e5)}${']'.repeat(5e5)}}`, /^(?:url|body): got /],
    [
      'many unknown properties',
      JSON.stringify(Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`k${i}`, i]))),
      /"k0", "k1", "k2", "k3", "k4": unknown property; allowed: url, upload$/,
    ],
  ])('refuses %s and names it, without answering', async (_, body, message) => {
    const { handler, seen } = counting();
    const { statusCode, json } = await answerOf(handler, make(post(body)));
    expect(json).toEqual({
      error: { name: 'InvalidInputError', message: expect.stringMatching(message), requestId },
    });
    expect(statusCode).toBe(400);
    expect(JSON.stringify(json).length).toBeLessThan(1_500);
    expect(seen).toEqual([]);
  });

  it('refuses Base64 that is not valid UTF-8', async () => {
    const { handler } = counting();
    const event = make(post('/////w==', { isBase64Encoded: true }));
    expect(await answerOf(handler, event)).toMatchObject({ statusCode: 400 });
  });

  it.each(Object.entries(errorTable))('answers %s in the envelope', async (name, { status }) => {
    const error = errors.find((each) => each.name === name) ?? new Error('not in the list');
    const { statusCode, headers, json } = await answerOf(
      failing(error),
      make(post('{"url":"http://a.com/"}')),
    );
    expect(statusCode).toBe(status);
    expect(json).toEqual({ error: { name, message: error.message, requestId } });
    expect(headers['content-type']).toBe('application/json');
    expect(headers['retry-after']).toBe(name === 'QuotaExceededError' ? '61' : undefined);
  });

  it('hides the cause of an internal error, and logs it', async () => {
    const cause = new TypeError('x.y is not a function');
    const event = make(post(JSON.stringify({ url: URL_OF_CALLER })));
    expect(await answerOf(failing(cause), event)).toMatchObject({
      statusCode: 500,
      json: {
        error: {
          name: 'InternalError',
          message: 'internal error; see the log of request request-of-lambda for the cause',
          requestId,
        },
      },
    });
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        requestId: 'request-of-lambda',
        error: expect.objectContaining({
          cause: expect.objectContaining({ name: 'TypeError', message: 'x.y is not a function' }),
        }),
      }),
    ]);
  });

  it('answers with an InternalError if the thrown value is not an error', async () => {
    const event = make(post('{"url":"http://a.com/"}'));
    expect(await answerOf(failing('a text'), event)).toMatchObject({
      statusCode: 500,
      json: { error: { name: 'InternalError' } },
    });
  });
});

const errors: readonly ConnectorError[] = [
  new InvalidInputError('m'),
  new ObjectNotFoundError('m'),
  new ObjectAccessDeniedError('m'),
  new ObjectTooLargeError('m'),
  new QuotaExceededError('spent.', 60.2),
  new ApiKeyError('m'),
  new ForbiddenByVirusTotalError('m'),
  new UpstreamError('m'),
  new UpstreamUnavailableError('m'),
  new UpstreamTimeoutError('m'),
];

describe('a direct invocation', () => {
  it('passes on the parsed input, and returns the output as it is', async () => {
    const { handler, seen } = counting();
    expect(await handler({ url: 'http://a.com/' }, lambdaContext())).toBe(OUTPUT);
    expect(seen[0]?.[0].url.url).toBe('http://a.com/');
  });

  it.each([
    [null, 'input: got null; allowed: an object with url, upload'],
    [undefined, /^(?:input|url): got /],
    ['http://a.com/', /^input: got "http:\/\/a.com\/"; allowed/],
    [[], 'input: got an array of 0; allowed: an object with url, upload'],
    [5, 'input: got the number 5; allowed: an object with url, upload'],
    [{}, /^url: got nothing; allowed/],
    [
      JSON.parse('{"url":"http://a.com/","__proto__":{}}'),
      '"__proto__": unknown property; allowed: url, upload',
    ],
    [{ url: 'x'.repeat(1_000_000) }, /^url: got "x{80}"\.\.\. \(1000000 characters\)/],
  ])('refuses %.40j and names it', async (event, message) => {
    const { handler, seen } = counting();
    const error = await rejection(handler(event, lambdaContext()));
    expect(error.name).toBe('InvalidInputError');
    expect(error.message).toMatch(message);
    expect(seen).toEqual([]);
  });

  it.each(errors.map((error) => [error.name, error] as const))('throws %s', async (name, error) => {
    const thrown = await rejection(failing(error)({ url: 'http://a.com/' }, lambdaContext()));
    expect(thrown).toBe(error);
    expect(thrown.name).toBe(name);
  });

  it('throws an InternalError for any other error', async () => {
    const thrown = await rejection(
      failing(new TypeError('inner'))({ url: 'http://a.com/' }, lambdaContext()),
    );
    expect(thrown.name).toBe('InternalError');
    expect(thrown.message).not.toContain('inner');
  });
});

describe('time', () => {
  /** Ignores its limits. */
  const hanging = counting(() => new Promise(() => {}));
  const body = JSON.stringify({ url: URL_OF_CALLER });

  it.each(payloads)('runs out: %s answers 504 before Lambda ends it', async (_, make) => {
    const context = lambdaContext(800);
    const answer = await answerOf(hanging.handler, make(post(body)), context);
    expect(answer).toMatchObject({
      statusCode: 504,
      json: { error: { name: 'UpstreamTimeoutError' } },
    });
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
  });

  it('runs out: a direct invocation throws before Lambda ends it', async () => {
    const context = lambdaContext(800);
    const error = await rejection(hanging.handler({ url: URL_OF_CALLER }, context));
    expect(error.name).toBe('UpstreamTimeoutError');
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
  });

  it('that runs out aborts the work, and ignores a later failure', async () => {
    const { handler, seen } = counting(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new TypeError('too late')));
        }),
    );
    const error = await rejection(handler({ url: URL_OF_CALLER }, lambdaContext(500)));
    expect(error.name).toBe('UpstreamTimeoutError');
    expect(seen[0]?.[1].signal?.aborted).toBe(true);
  });

  it('that has already run out still gets an answer', async () => {
    const answer = await answerOf(hanging.handler, restApiEvent(post(body)), lambdaContext(10));
    expect(answer.statusCode).toBe(504);
  });
});

describe('the log', () => {
  it.each([
    ['http', restApiEvent(post(JSON.stringify({ url: URL_OF_CALLER })))],
    ['direct', { url: URL_OF_CALLER }],
  ])('logs one line for a success: %s', async (way, event) => {
    await counting().handler(event, lambdaContext());
    expect(lines()).toEqual([
      {
        level: 'INFO',
        timestamp: expect.any(String),
        message: 'operation finished',
        operation: 'submit_url',
        way,
        requestId: 'request-of-lambda',
        durationMs: expect.any(Number),
      },
    ]);
  });

  it.each([
    ['a body', restApiEvent(post(JSON.stringify({ url: `${URL_OF_CALLER} x y` })))],
    ['an unknown property', { url: URL_OF_CALLER, [URL_OF_CALLER]: 1 }],
    ['a whole input', URL_OF_CALLER],
    ['a defanged URL without scheme', { url: 'indicator[.]example[.]com/secret-path x' }],
    ['broken JSON', restApiEvent(post(`{"url":"${URL_OF_CALLER}`))],
  ])('does not quote what was refused: %s', async (_, event) => {
    await counting()
      .handler(event, lambdaContext())
      .catch(() => {});
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'WARN',
        message: 'operation failed',
        error: expect.objectContaining({ name: 'InvalidInputError' }),
      }),
    ]);
    expect(written().join('')).not.toMatch(/secret-path|indicator/);
  });

  it("does not quote a URL in VirusTotal's words", async () => {
    const said = `VirusTotal refused the input: HTTP 400: Unable to canonicalize url ${URL_OF_CALLER}`;
    const handler = failing(new InvalidInputError(said));
    await handler({ url: URL_OF_CALLER }, lambdaContext()).catch(() => {});
    expect(lines()[0].error.message).toContain('Unable to canonicalize url');
    expect(written().join('')).not.toMatch(/secret-path|indicator/);
  });
});

describe('a GET', () => {
  const MD5 = '44d88612fea8a8f36de82e1278abb02f';
  const seen: unknown[] = [];
  const handler = operationHandler(fileReputation, async (input) => {
    seen.push(input);
    throw new UpstreamError('seen');
  });
  const get = (resource: string): HttpRequest => ({
    method: 'GET',
    route: '/files/{resource}',
    path: { resource },
  });

  it.each(payloads)('%s reads its input from the path', async (_, make) => {
    seen.length = 0;
    await answerOf(handler, make(get(` ${MD5.toUpperCase()} `)));
    expect(seen).toEqual([
      expect.objectContaining({
        hash: { original: MD5.toUpperCase(), hex: MD5, kind: 'md5' },
      }),
    ]);
  });

  it.each(
    payloads.flatMap(([name, make]) =>
      [
        '../../users',
        '%2e%2e%2f',
        `${MD5}%00`,
        `${MD5}\u0000`,
        '__proto__',
        'é'.repeat(32),
        '.',
      ].map((resource) => [name, resource, make] as const),
    ),
  )('%s refuses %j and names the path parameter', async (_, resource, make) => {
    seen.length = 0;
    const { statusCode, json } = await answerOf(handler, make(get(resource)));
    expect(statusCode).toBe(400);
    expect(json).toMatchObject({
      error: { name: 'InvalidInputError', message: expect.stringMatching(/^resource: got "/) },
    });
    expect(seen).toEqual([]);
  });
});
