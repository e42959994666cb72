/** A gateway over stub functions, and requests that reach it byte by byte as written. */
import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { type Clock, createClock } from '../../src/clock.ts';
import { type ServedRequest, startGateway } from '../../src/gateway/gateway.ts';
import type { SigningKey } from '../../src/gateway/signature.ts';
import type { LocalApi } from '../../src/template/views/apis.ts';
import type { InvocationResult, Invoker } from '../../src/types.ts';
import { apiDocument, invocationUri } from '../fixtures/api.ts';

/** A method that invokes the function `fn`. */
export function method(rest: object = {}): object {
  return {
    'x-amazon-apigateway-integration': {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: invocationUri('fn'),
    },
    ...rest,
  };
}

/** An API of a document. */
export function apiOf(document: unknown, rest: Partial<LocalApi> = {}): LocalApi {
  return {
    logicalId: 'Api',
    id: 'abcdefghij',
    stage: 'v1',
    deploymentId: 'klmnop',
    stageVariables: null,
    document,
    binaryMediaTypes: [],
    apiKeys: [],
    ...rest,
  };
}

/** The parts of an event that tests look at. */
export interface Event {
  readonly [field: string]: unknown;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly body: string | null;
}

/** A stub function: gets the event, gives the answer, or undefined for `{ statusCode: 200 }`. */
export type Respond = (event: Event) => unknown;

/** What to serve. */
export interface ServeOptions {
  readonly api?: LocalApi;
  readonly respond?: Respond;
  /** Instead of `respond`. */
  readonly invoker?: Invoker;
  readonly clock?: Clock;
  /** @default signatures are not checked */
  readonly signingKey?: SigningKey;
}

/** Invokes a function of the test, and keeps its events. */
function keepingInvoker(respond: Respond) {
  const events: Event[] = [];
  const names: string[] = [];
  const invoke = async (name: string, payload: string): Promise<InvocationResult> => {
    const event: Event = JSON.parse(payload);
    names.push(name);
    events.push(event);
    const answer = (await respond(event)) ?? { statusCode: 200 };
    return { status: 'succeeded', payload: JSON.stringify(answer) };
  };
  return { events, names, invoke };
}

/** Starts a gateway that ends with the test. */
export async function serve(options: ServeOptions = {}) {
  const { respond = () => undefined, api = apiOf(apiDocument()) } = options;
  const kept = keepingInvoker(respond);
  const served: ServedRequest[] = [];
  const gateway = await startGateway({
    api,
    invoker: options.invoker ?? kept,
    clock: options.clock ?? createClock(),
    signingKey: options.signingKey,
    onRequest: (one) => served.push(one),
  });
  onTestFinished(() => gateway.close());
  return {
    ...gateway,
    /** What the functions got. */
    events: kept.events,
    /** Names by which functions were invoked. */
    names: kept.names,
    served,
    ask: (path: string, asked: Asked = {}) => ask(gateway.url, path, asked),
  };
}

/** What is asked. */
export interface Asked {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** What was answered. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends a request whose path is not touched on the way, as a URL object would. */
function ask(url: string, path: string, asked: Asked): Promise<Answered> {
  const { hostname, port, pathname } = new URL(url);
  const { method: verb = 'GET', headers = {}, body, agent } = asked;
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path: pathname + path, method: verb, headers, agent };
    const outgoing = request(options, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    outgoing.on('error', reject).end(body);
  });
}

/** A POST of JSON. */
export function posted(body: string, headers: OutgoingHttpHeaders = {}): Asked {
  return { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
}

/** Expects an error in the document's envelope, with the request's id. @returns its message */
export function expectError(
  { status, headers, text }: Answered,
  expected: number,
  name: string,
): string {
  const body = JSON.parse(text);
  const requestId = headers['x-amzn-requestid'];
  expect(body).toEqual({ error: { name, message: expect.any(String), requestId } });
  expect(status).toBe(expected);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-amzn-errortype': expect.stringMatching(/Exception$/),
    'x-amz-apigw-id': expect.any(String),
  });
  return body.error.message;
}

export const invokerOf = (invoke: Invoker['invoke']): Invoker => ({ invoke });
