import { describe, expect, it } from 'vitest';
import { functionArn } from '../fixtures/api.ts';
import { serve } from './harness.ts';

const HASH = '44d88612fea8a8f36de82e1278abb02f';

describe('the event', () => {
  it('has exactly the fields of a REST API', async () => {
    const { ask, events, names, url } = await serve();
    const headers = { 'User-Agent': 'curl/8.5.0', Accept: '*/*', 'tEsT-HEADeR': 'aValUE' };
    const before = Date.now();
    await ask(`/files/${HASH}`, { headers });
    expect(names).toEqual([functionArn('get_file')]);
    const host = new URL(url).host;
    const passed = {
      'User-Agent': 'curl/8.5.0',
      Accept: '*/*',
      'tEsT-HEADeR': 'aValUE',
      Host: host,
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': new URL(url).port,
      'X-Forwarded-Proto': 'http',
    };
    const lists = Object.entries(passed).map(([name, value]) => [name, [value]]);
    expect(events[0]).toEqual({
      resource: '/files/{resource}',
      path: `/files/${HASH}`,
      httpMethod: 'GET',
      headers: passed,
      multiValueHeaders: Object.fromEntries(lists),
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: { resource: HASH },
      stageVariables: null,
      requestContext: {
        resourceId: expect.stringMatching(/^[a-z0-9]{6}$/),
        resourcePath: '/files/{resource}',
        operationName: 'get_file',
        httpMethod: 'GET',
        extendedRequestId: expect.stringMatching(/^[\w+/]{15}=$/),
        requestTime: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        path: `/v1/files/${HASH}`,
        accountId: '000000000000',
        protocol: 'HTTP/1.1',
        stage: 'v1',
        domainPrefix: 'abcdefghij',
        requestTimeEpoch: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        identity: {
          cognitoIdentityPoolId: null,
          accountId: null,
          cognitoIdentityId: null,
          caller: null,
          sourceIp: '127.0.0.1',
          principalOrgId: null,
          accessKey: null,
          cognitoAuthenticationType: null,
          cognitoAuthenticationProvider: null,
          userArn: null,
          userAgent: 'curl/8.5.0',
          user: null,
        },
        domainName: host,
        deploymentId: 'klmnop',
        apiId: 'abcdefghij',
      },
      body: null,
      isBase64Encoded: false,
    });
    const { requestTimeEpoch } = Object(events[0]?.requestContext);
    expect(requestTimeEpoch).toBeGreaterThanOrEqual(before);
    expect(requestTimeEpoch).toBeLessThanOrEqual(Date.now());
  });
});

describe('path parameters are not decoded', () => {
  it.each([
    ['/files/a%2Fb', 'a%2Fb'],
    ['/files/a%252Fb', 'a%252Fb'],
    ['/files/a+b%2Bc', 'a+b%2Bc'],
    ['/files/%E2%82%AC', '%E2%82%AC'],
    ['/files/%zz', '%zz'],
    ['/files/..', '..'],
    ['/files/%2e%2e%2f', '%2e%2e%2f'],
    ['/files/__proto__', '__proto__'],
    ['/files/x/', 'x'],
    ['/files/x%20y?details=full', 'x%20y'],
  ])('%s', async (path, expected) => {
    const { ask, events } = await serve();
    await ask(path);
    const [withoutQuery] = path.split('?');
    expect(events[0]).toMatchObject({
      pathParameters: { resource: expected },
      path: withoutQuery,
      requestContext: { path: `/v1${withoutQuery}`, resourcePath: '/files/{resource}' },
    });
  });

  it('refuses bytes that are not ASCII', async () => {
    const { ask, events } = await serve();
    const path = `/domains/${Buffer.from('bücher.example').toString('latin1')}`;
    expect((await ask(path)).status).toBe(400);
    expect(events).toEqual([]);
  });
});

describe('query parameters are decoded', () => {
  it.each<[string, [string, string[]][]]>([
    ['url=http%3A%2F%2Fexample.com%2F%3Fa%3D1%262', [['url', ['http://example.com/?a=1&2']]]],
    ['url=a+b%2Bc', [['url', ['a b+c']]]],
    ['url=%252F', [['url', ['%2F']]]],
    ['url=%E2%82%AC', [['url', ['€']]]],
    [
      'url=a&scan_id=c&url=b',
      [
        ['url', ['a', 'b']],
        ['scan_id', ['c']],
      ],
    ],
    [
      'url=a;scan_id=b',
      [
        ['url', ['a']],
        ['scan_id', ['b']],
      ],
    ],
    ['url', [['url', ['']]]],
    ['url=a?b', [['url', ['a?b']]]],
    ['__proto__=x', [['__proto__', ['x']]]],
  ])('%s', async (query, expected) => {
    const { ask, events } = await serve();
    await ask(`/urls?${query}`);
    const [event] = events;
    expect(Object.entries(Object(event?.multiValueQueryStringParameters))).toEqual(expected);
    expect(Object.entries(Object(event?.queryStringParameters))).toEqual(
      expected.map(([name, values]) => [name, values.at(-1)]),
    );
  });

  it('null if the query is empty', async () => {
    const { ask, events } = await serve();
    await ask('/urls?');
    expect(events[0]).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
  });
});
