import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/gateway/definition.ts';
import { apiDocument, functionArn } from '../fixtures/api.ts';
import { apiOf, method, serve } from './harness.ts';

it('reads routes, functions and timeouts', () => {
  const { routes } = readDefinition(apiDocument());
  expect(routes).toHaveLength(5);
  expect(routes).toContainEqual(
    expect.objectContaining({
      method: 'GET',
      resource: '/files/{resource}',
      operationName: 'get_file',
      functionArn: functionArn('get_file'),
      timeoutMs: 29_000,
      needsApiKey: false,
    }),
  );
});

describe('an unsupported document is refused', () => {
  const integration = (given: object) =>
    method({
      'x-amazon-apigateway-integration': {
        type: 'aws_proxy',
        httpMethod: 'POST',
        uri: 'x',
        ...given,
      },
    });
  const get = (given: object, rest: object = {}) => ({ paths: { '/x': { get: given } }, ...rest });
  const schemes = {
    components: { securitySchemes: { mine: { type: 'apiKey', name: 'Authorization' } } },
  };
  const response = (given: object) => ({
    paths: {},
    'x-amazon-apigateway-gateway-responses': { DEFAULT_4XX: given },
  });
  it.each<[string, object, string]>([
    ['no paths', {}, 'cannot serve the document: paths'],
    ['mock', get(integration({ type: 'mock' })), 'cannot serve get /x: x-amazon-apigateway-int'],
    ['no integration', get({}), 'cannot serve get /x: x-amazon-apigateway-integration'],
    ['uri', get(integration({})), 'get /x: the local gateway only invokes functions; got x'],
    [
      'authoriser',
      get(method({ security: [{ mine: [] }] }), schemes),
      'get /x: the local gateway does not support the scheme mine',
    ],
    [
      'validator',
      get(method({ 'x-amazon-apigateway-request-validator': 'none' })),
      'get /x: the document has no request validator none',
    ],
    [
      'key source',
      { paths: {}, 'x-amazon-apigateway-api-key-source': 'AUTHORIZER' },
      'x-amazon-apigateway-api-key-source',
    ],
    [
      'response parameter',
      response({ responseParameters: { 'gatewayresponse.header.X': 'context.requestId' } }),
      'gatewayresponse.header.X',
    ],
    ['response field', response({ colour: 1 }), 'DEFAULT_4XX.colour (not supported)'],
  ])('%s', (_, document, message) => {
    expect(() => readDefinition(document)).toThrow(message);
  });
});

describe('routes', () => {
  const paths = {
    '/': { get: method() },
    '/a/{one}': { get: method() },
    '/a/fixed': { post: method() },
    '/a/{one}/b/{two}': { get: method() },
    '/rest/{proxy+}': { 'x-amazon-apigateway-any-method': method() },
    '/rest/one': { get: method() },
  };
  it.each([
    ['GET', '/', '/', null],
    ['GET', '', '/', null],
    ['GET', '/a/x', '/a/{one}', { one: 'x' }],
    ['POST', '/a/fixed', '/a/fixed', null],
    ['GET', '/a/x/b/y', '/a/{one}/b/{two}', { one: 'x', two: 'y' }],
    ['GET', '/rest/one', '/rest/one', null],
    ['PUT', '/rest/x/y%2Fz', '/rest/{proxy+}', { proxy: 'x/y%2Fz' }],
  ])('%s %s', async (verb, path, resource, pathParameters) => {
    const { ask, events } = await serve({ api: apiOf({ paths }) });
    expect((await ask(path, { method: verb })).status).toBe(200);
    expect(events[0]).toMatchObject({ resource, pathParameters });
  });

  it.each([
    ['GET', '/a/fixed'],
    ['POST', '/rest/one'],
    ['GET', '/rest'],
    ['GET', '/a'],
  ])('not %s %s', async (verb, path) => {
    const { ask } = await serve({ api: apiOf({ paths }) });
    const { status, text, headers } = await ask(path, { method: verb });
    expect(status).toBe(403);
    // A document without gateway responses has API Gateway's own.
    expect(JSON.parse(text)).toEqual({ message: 'Missing Authentication Token' });
    expect(headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
  });
});

describe('gateway responses', () => {
  const worded = (response: object, type = 'MISSING_AUTHENTICATION_TOKEN') =>
    serve({
      api: apiOf({
        paths: {},
        'x-amazon-apigateway-gateway-responses': { [type]: response },
      }),
    });

  it.each([
    ['{"m":$context.error.messageString}', '{"m":"Missing Authentication Token"}'],
    ['{"m":"$context.error.message"}', '{"m":"Missing Authentication Token"}'],
    ['$context.error.responseType', 'MISSING_AUTHENTICATION_TOKEN'],
    ['[$context.error.validationErrorString]', '[]'],
    ['$context.stage $context.httpMethod $context.identity.sourceIp', 'v1 GET 127.0.0.1'],
    ['[$context.unknown][$context.error.toString][$context.resourcePath]', '[][][]'],
    ['$input.body #set($x = 1)', '$input.body #set($x = 1)'],
  ])('fill the template %s', async (template, expected) => {
    const { ask } = await worded({ responseTemplates: { 'application/json': template } });
    expect((await ask('/nowhere')).text).toBe(expected);
  });

  it('contain the id of the request', async () => {
    const { ask } = await worded({ responseTemplates: { 'text/plain': '$context.requestId' } });
    const { text, headers } = await ask('/nowhere');
    expect(text).toBe(headers['x-amzn-requestid']);
    expect(headers['content-type']).toBe('text/plain');
  });

  it('map the status and headers', async () => {
    const { ask } = await worded({
      statusCode: '404',
      responseParameters: {
        'gatewayresponse.header.X-Static': "'fixed value'",
        'gatewayresponse.header.X-Header': 'method.request.header.origin',
        'gatewayresponse.header.X-Query': 'method.request.querystring.q',
        'gatewayresponse.header.X-None': 'method.request.querystring.none',
      },
    });
    const origin = 'https://a.example.com';
    const { status, headers, text } = await ask('/nowhere?q=1&q=2', { headers: { origin } });
    expect(status).toBe(404);
    expect(headers).toMatchObject({
      'x-static': 'fixed value',
      'x-header': origin,
      'x-query': '2',
      'x-none': '',
    });
    expect(JSON.parse(text)).toEqual({ message: 'Missing Authentication Token' });
  });

  it('fall back to DEFAULT_4XX, with the status of the type', async () => {
    const template = '"$context.error.responseType"';
    const { ask } = await worded(
      { responseTemplates: { 'application/json': template } },
      'DEFAULT_4XX',
    );
    const { status, text } = await ask('/nowhere');
    expect({ status, text }).toEqual({ status: 403, text: '"MISSING_AUTHENTICATION_TOKEN"' });
  });
});
