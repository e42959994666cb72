import { describe, expect, it } from 'vitest';
import { apiOf, method, posted, serve } from './harness.ts';

describe('validation', () => {
  const VALIDATOR = 'x-amazon-apigateway-request-validator';
  const parameters = [
    { name: 'q', in: 'query', required: true },
    { name: 'X-Must', in: 'header', required: true },
    { name: 'may', in: 'query' },
  ];
  const Model = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
  const schema = { $ref: '#/components/schemas/Model' };
  const requestBody = { content: { 'application/json': { schema } } };
  const documentOf = (rest: object = {}, whole: object = { [VALIDATOR]: 'all' }) => ({
    ...whole,
    'x-amazon-apigateway-request-validators': {
      all: { validateRequestParameters: true, validateRequestBody: true },
      none: {},
    },
    paths: { '/x': { post: method({ parameters, requestBody, ...rest }) } },
    components: { schemas: { Model } },
  });
  const must = { 'x-must': 'y' };

  it.each<[string, Record<string, string>, string]>([
    ['/x', {}, '[q, X-Must]'],
    ['/x?q=', must, '[q]'],
    ['/x?q=%20&q=', must, '[q]'],
    ['/x?q=1', {}, '[X-Must]'],
    ['/x?q=1', { 'x-must': ' ' }, '[X-Must]'],
  ])('asks for required parameters: %s %j', async (path, headers, missing) => {
    const { ask, events } = await serve({ api: apiOf(documentOf()) });
    const { status, text } = await ask(path, posted('{"name":"n"}', headers));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      message: `Missing required request parameters: ${missing}`,
    });
    expect(events).toEqual([]);
  });

  it.each(['{"name":1}', '{}', ''])('validates the body against its model: %j', async (body) => {
    const { ask, events } = await serve({ api: apiOf(documentOf()) });
    const { status, text } = await ask('/x?q=1', posted(body, must));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({ message: 'Invalid request body' });
    expect(events).toEqual([]);
  });

  it('accepts a valid request', async () => {
    const { ask } = await serve({ api: apiOf(documentOf()) });
    expect((await ask('/x?q=1', posted('{"name":"n"}', must))).status).toBe(200);
  });

  it.each([
    ['the method turns it off', documentOf({ [VALIDATOR]: 'none' })],
    ['the document does not ask for it', documentOf({}, {})],
  ])('is skipped if %s', async (_, document) => {
    const { ask } = await serve({ api: apiOf(document) });
    expect((await ask('/x', posted('no JSON'))).status).toBe(200);
  });

  it('uses the model of each media type in the document', async () => {
    const document = documentOf({ requestBody: { content: { $default: { schema } } } });
    const { ask } = await serve({ api: apiOf(document) });
    const headers = { ...must, 'content-type': 'text/plain' };
    expect((await ask('/x?q=1', posted('{}', headers))).status).toBe(400);
    expect((await ask('/x?q=1', posted('{"name":"n"}', headers))).status).toBe(200);
  });

  it('passes the validation error to the template', async () => {
    const responseTemplates = { 'text/plain': '$context.error.validationErrorString' };
    const document = documentOf(
      {},
      {
        [VALIDATOR]: 'all',
        'x-amazon-apigateway-gateway-responses': { BAD_REQUEST_BODY: { responseTemplates } },
      },
    );
    const { ask } = await serve({ api: apiOf(document) });
    const { text } = await ask('/x?q=1', posted('{}', must));
    expect(text).toBe("[the body must have required property 'name']");
  });
});
