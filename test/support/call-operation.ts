/** Calls an operation in each way that it can be called, with the same direct input. */
import type { InvocationResult } from '@local/cloud';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { type HttpRequest, httpApiEvent } from './events.ts';
import type { TestStack } from './running-stack.ts';

/** How a call ended. */
export interface Answer {
  /** Output of the operation; undefined when it failed. */
  readonly output: unknown;
  /** undefined when it succeeded. */
  readonly error: { readonly name: string; readonly message: string } | undefined;
  /** Over HTTP. */
  readonly http?: HttpAnswer;
}

/** What a client over HTTP sees. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Input = Readonly<Record<string, unknown>>;

/** A way of calling. */
export type Way = (running: TestStack, operation: Operation, input: Input) => Promise<Answer>;

/** Through the local API Gateway: payload 1.0. */
export const overHttp: Way = async ({ apiUrl }, operation, input) => {
  const { method, route, path = {}, query = [], body } = requestFor(operation, input);
  const place = route.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name] ?? ''));
  const text = new URLSearchParams([...query]).toString();
  return fetchAnswer(`${apiUrl}${place}${text && `?${text}`}`, { method, body });
};

/** As an HTTP API invokes a function: payload 2.0. */
export const overPayload2: Way = async ({ lambda, stack }, operation, input) => {
  const event = httpApiEvent(requestFor(operation, input));
  const name = functionOf(stack, operation);
  const { statusCode, headers, body } = JSON.parse(
    payloadOf(await lambda.invoke(name, JSON.stringify(event))),
  );
  return toAnswer({ status: statusCode, headers, body: JSON.parse(body) });
};

/** As Step Functions and the SDK invoke a function. */
export const directly: Way = ({ lambda, stack }, operation, input) =>
  invokeDirectly(lambda.invoke(functionOf(stack, operation), JSON.stringify(input)));

/** The ways, each with its name. */
export const ways: readonly (readonly [name: string, way: Way])[] = [
  ['HTTP, payload 1.0', overHttp],
  ['payload 2.0', overPayload2],
  ['direct invocation', directly],
];

/** Asks over HTTP. */
export async function fetchAnswer(
  url: string,
  { method, body }: { method: string; body?: string | Uint8Array | undefined },
): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  return toAnswer({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: JSON.parse(text),
  });
}

/** Waits for an invocation's result. */
export async function invokeDirectly(result: Promise<InvocationResult>): Promise<Answer> {
  const ended = await result;
  if (ended.status === 'succeeded') {
    return { output: JSON.parse(ended.payload), error: undefined };
  }
  const { errorType: name, errorMessage: message } = ended.error;
  return { output: undefined, error: { name, message } };
}

/** The HTTP request that stands for a direct input, by the catalogue's route. */
export function requestFor({ route }: Operation, input: Input): HttpRequest {
  const { method, path, parameters } = route;
  if (method === 'POST') return { method, route: path, body: JSON.stringify(input) };
  const given = Object.entries(input).map(([property, value]) => {
    const parameter = parameters.find(({ fills }) => fills.includes(property));
    if (!parameter) throw new Error(`no parameter of ${path} fills ${property}`);
    return { ...parameter, value: String(value) };
  });
  const pairs = (where: 'path' | 'query') =>
    given
      .filter((parameter) => parameter.in === where)
      .map(({ name, value }): [string, string] => [name, value]);
  return { method, route: path, path: Object.fromEntries(pairs('path')), query: pairs('query') };
}

/** ARN of the function of an operation, or of another that the API serves. */
export function functionOf({ functions }: TestStack['stack'], { id }: Operation): string {
  const name = new RegExp(`^VirusTotalConnector${id}Function[0-9A-F]{8}$`);
  return functions.find(({ logicalId }) => name.test(logicalId))?.arn ?? '';
}

function toAnswer(http: HttpAnswer): Answer {
  if (http.status < 300) return { output: http.body, error: undefined, http };
  return { output: undefined, error: errorOf(http.body), http };
}

function errorOf(body: unknown): Answer['error'] {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, message } = { name: '', message: '', ...error };
  return { name, message };
}

function payloadOf(result: InvocationResult): string {
  if (result.status === 'succeeded') return result.payload;
  throw new Error(`an HTTP event must not fail: ${result.error.errorType}`);
}
