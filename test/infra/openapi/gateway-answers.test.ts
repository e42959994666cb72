/** The connector's API as API Gateway serves it: its own refusals, and the events of the functions. */
import { createClock, type Invoker, type LambdaError } from '@local/cloud';
import { type LocalApi, readDefinition, startGateway } from '@local/cloud/gateway';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApiDocument } from '../../../infra/openapi/document.ts';
import { errorSchemas } from '../../../infra/openapi/error-responses.ts';
import { type ApiAuth, forGateway } from '../../../infra/openapi/for-gateway.ts';
import { routes } from '../../../infra/openapi/routes.ts';
import { restApiEvent } from '../../support/events.ts';

const HASH = '44d88612fea8a8f36de82e1278abb02f';
const isEnvelope = new Ajv({ strict: false })
  .addSchema({ $id: 'doc', components: { schemas: errorSchemas } })
  .compile({ $ref: 'doc#/components/schemas/ApiError' });

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const invocationUri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

function gatewayDocument(auth: ApiAuth) {
  const integrations = routes.map(({ name }) => [name, invocationUri(name)]);
  return forGateway(openApiDocument(), { auth, integrations: Object.fromEntries(integrations) });
}

interface ServeOptions {
  readonly auth?: ApiAuth;
  readonly invoke?: Invoker['invoke'];
  readonly sleep?: () => Promise<void>;
}

/** Serves the connector's document over stub functions that answer with status 200. */
async function serve({ auth = 'iam', invoke, sleep }: ServeOptions = {}) {
  const payloads: string[] = [];
  const api: LocalApi = {
    logicalId: 'Api',
    id: 'abcdefghij',
    stage: 'v1',
    deploymentId: 'klmnop',
    stageVariables: null,
    document: gatewayDocument(auth),
    binaryMediaTypes: [],
    apiKeys: [{ logicalId: 'Key', id: 'key1', value: 'k'.repeat(40) }],
  };
  const succeed: Invoker['invoke'] = async (_, payload) => {
    payloads.push(payload);
    return { status: 'succeeded', payload: '{"statusCode":200}' };
  };
  const clock = createClock();
  const gateway = await startGateway({
    api,
    invoker: { invoke: invoke ?? succeed },
    clock: sleep ? { ...clock, sleep } : clock,
  });
  onTestFinished(() => gateway.close());
  return {
    payloads,
    ask: (path: string, init?: RequestInit) => fetch(gateway.url + path, init),
  };
}

async function expectError(response: Response, status: number, name: string): Promise<void> {
  const body = Object(await response.json());
  expect(isEnvelope(body), JSON.stringify(body)).toBe(true);
  expect({ status: response.status, name: body.error.name }).toEqual({ status, name });
  expect(body.error.requestId).toBe(response.headers.get('x-amzn-requestid'));
  expect(response.headers.get('cache-control')).toBe('no-store');
}

const posted = (body: string): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json' },
});

it('has a route for each operation', () => {
  const { routes: served } = readDefinition(gatewayDocument('iam'));
  for (const { name, route } of routes) {
    expect(served).toContainEqual(
      expect.objectContaining({
        method: route.method,
        resource: route.path,
        operationName: name,
        functionArn: functionArn(name),
        timeoutMs: 29_000,
        needsApiKey: false,
      }),
    );
  }
});

it('sends functions events of the shape that they are tested with', async () => {
  const { ask, payloads } = await serve();
  await ask(`/files/${HASH}?details=full`);
  const sample = restApiEvent({
    method: 'GET',
    route: '/files/{resource}',
    path: { resource: HASH },
    query: [['details', 'full']],
  });
  const event = JSON.parse(payloads[0] ?? '{}');
  expect(Object.keys(event).toSorted()).toEqual(Object.keys(sample).toSorted());
  expect(Object.keys(event.requestContext)).toEqual(
    expect.arrayContaining(Object.keys(Object(sample.requestContext))),
  );
  const { headers: _, multiValueHeaders: __, requestContext: ___, ...same } = sample;
  expect(event).toMatchObject(same);
});

describe('the gateway refuses in the envelope of the functions', () => {
  it.each([
    ['/nowhere', {}],
    ['/files/', {}],
    ['/files/x', { method: 'DELETE' }],
  ])('an unknown route: %s %j', async (path, init) => {
    const { ask, payloads } = await serve();
    await expectError(await ask(path, init), 403, 'AccessDeniedError');
    expect(payloads).toEqual([]);
  });

  it.each(['no JSON', '[]', 'null'])('a body that is no JSON object: %s', async (body) => {
    const { ask, payloads } = await serve();
    await expectError(await ask('/urls', posted(body)), 400, 'InvalidInputError');
    expect(payloads).toEqual([]);
  });

  it.each([7_000_000, 11_000_000])('a body of %i bytes', async (length) => {
    const { ask } = await serve();
    const response = await ask('/urls', posted(`{"url":"${'a'.repeat(length)}"}`));
    await expectError(response, 400, 'InvalidInputError');
  });

  it('a call without a valid API key', async () => {
    const { ask, payloads } = await serve({ auth: 'api-key' });
    await expectError(await ask('/files/x'), 403, 'AccessDeniedError');
    const headers = { 'x-api-key': 'k'.repeat(40) };
    expect((await ask('/files/x', { headers })).status).toBe(200);
    expect(payloads).toHaveLength(1);
  });

  it('a function that fails, without its message', async () => {
    const error: LambdaError = { errorType: 'TypeError', errorMessage: 'secret cause' };
    const { ask } = await serve({ invoke: async () => ({ status: 'failed', error }) });
    const response = await ask('/files/x');
    expect(await response.clone().text()).not.toContain('secret');
    await expectError(response, 500, 'InternalError');
  });

  it('a function that cannot be reached', async () => {
    const invoke = () => Promise.reject(new Error('no process'));
    const { ask } = await serve({ invoke });
    await expectError(await ask('/files/x'), 503, 'UpstreamUnavailableError');
  });

  it('a function that takes more than 29 s', async () => {
    const { ask } = await serve({
      invoke: () => new Promise(() => undefined),
      sleep: async () => undefined,
    });
    await expectError(await ask('/files/x'), 504, 'UpstreamTimeoutError');
  });
});
