/** Reads API Gateway proxy events: evens out the differences between payload formats 1.0 and 2.0. */
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { InvalidInputError } from '../errors.ts';

/** An API Gateway proxy event, payload format 1.0 or 2.0. */
export type HttpEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/** Returns whether the event came over HTTP: unlike a direct invocation it has a `requestContext`. */
export function isHttpEvent(event: unknown): event is HttpEvent {
  if (typeof event !== 'object' || event === null || !('requestContext' in event)) return false;
  return typeof event.requestContext === 'object' && event.requestContext !== null;
}

/** Payload 2.0 has this version; payload 1.0 has none from a REST API, and `1.0` from an HTTP API. */
function isPayload2(event: HttpEvent): event is APIGatewayProxyEventV2 {
  return 'version' in event && event.version === '2.0';
}

/** Returns the gateway's id of the request, which the caller sees too. */
export function requestIdOf(event: HttpEvent): string | undefined {
  return event.requestContext.requestId;
}

/** Returns when the gateway received the request, epoch milliseconds; undefined if the event does not say. */
export function receivedAt({ requestContext }: HttpEvent): number | undefined {
  const epoch: unknown =
    'requestTimeEpoch' in requestContext
      ? requestContext.requestTimeEpoch
      : requestContext.timeEpoch;
  return typeof epoch === 'number' && Number.isFinite(epoch) ? epoch : undefined;
}

/**
 * Returns what precedes the route in the path that the caller asked for: the stage, or the base path of a
 * custom domain; empty if the event does not say.
 *
 * @param route - path of the route, without parameters
 */
export function basePathOf(event: HttpEvent, route: string): string {
  const path: unknown = isPayload2(event)
    ? event.requestContext.http?.path
    : event.requestContext.path;
  if (typeof path !== 'string') return '';
  const asked = path.replace(/\/$/, '');
  const base = asked.endsWith(route) ? asked.slice(0, -route.length) : '';
  // A path that begins with two slashes would name a host.
  return /^(\/[^/]+)*$/.test(base) ? base : '';
}

/**
 * Returns the path parameters, decoded once: payload 1.0 passes them percent-encoded, payload 2.0 decoded
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 *
 * @throws InvalidInputError when a parameter is not valid percent-encoding
 */
export function pathParameters(event: HttpEvent): Record<string, string> {
  const parameters = definedEntries(event.pathParameters);
  if (isPayload2(event)) return Object.fromEntries(parameters);
  return Object.fromEntries(parameters.map(([name, value]) => [name, decode(name, value)]));
}

/**
 * Returns the query parameters as pairs of name and value, in order, including repeated ones.
 *
 * @throws InvalidInputError when a parameter is not valid percent-encoding
 */
export function queryParameters(event: HttpEvent): [string, string][] {
  if (isPayload2(event)) {
    // queryStringParameters of 2.0 joins repeated values with a comma, which a URL may contain.
    if (event.rawQueryString) return parseQuery(event.rawQueryString);
  } else if (event.multiValueQueryStringParameters) {
    return Object.entries(event.multiValueQueryStringParameters).flatMap(([name, values]) =>
      (values ?? []).map((value): [string, string] => [name, value]),
    );
  }
  return definedEntries(event.queryStringParameters);
}

function definedEntries(
  parameters: Readonly<Record<string, string | undefined>> | null | undefined,
): [string, string][] {
  return Object.entries(parameters ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
}

/** Refuses bytes that are not UTF-8; `URLSearchParams` would replace them with U+FFFD, which gives another URL. */
function parseQuery(raw: string): [string, string][] {
  const pairs = raw.split('&').filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
    return [decode(name, name), decode(name, value.join('='))];
  });
}

function decode(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    const got = JSON.stringify(value.slice(0, 80));
    throw new InvalidInputError(`${name}: got ${got}; allowed: valid percent-encoding`, { cause });
  }
}
