/** What the two payload formats of API Gateway proxy events have in common, and how they differ. */
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { InvalidInputError } from '../errors.ts';

/** An API Gateway proxy event, payload format 1.0 or 2.0. */
export type HttpEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/** Tells an API Gateway proxy event from a direct invocation: only the former has a `requestContext`. */
export function isHttpEvent(event: unknown): event is HttpEvent {
  if (typeof event !== 'object' || event === null || !('requestContext' in event)) return false;
  return typeof event.requestContext === 'object' && event.requestContext !== null;
}

/** Payload 2.0 says so; 1.0 of REST APIs has no version, of HTTP APIs `1.0`. */
function isPayload2(event: HttpEvent): event is APIGatewayProxyEventV2 {
  return 'version' in event && event.version === '2.0';
}

/** The gateway's id of the request, which the caller sees too. */
export function requestIdOf(event: HttpEvent): string | undefined {
  return event.requestContext.requestId;
}

/**
 * The path parameters, decoded once.
 *
 * Payload 1.0 carries them percent-encoded as in the path, 2.0 decoded
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 *
 * @throws InvalidInputError when a parameter is not valid percent-encoding
 */
export function pathParameters(event: HttpEvent): Record<string, string> {
  const given = Object.entries(event.pathParameters ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  if (isPayload2(event)) return Object.fromEntries(given);
  return Object.fromEntries(given.map(([name, value]) => [name, decode(name, value)]));
}

/**
 * The query parameters as name and value, in order, repeated ones repeated.
 *
 * @throws InvalidInputError when a parameter is not valid percent-encoding
 */
export function queryParameters(event: HttpEvent): [string, string][] {
  if (isPayload2(event)) {
    // queryStringParameters of 2.0 joins repeated values by a comma, which a URL may hold itself.
    if (event.rawQueryString) return parseQuery(event.rawQueryString);
  } else if (event.multiValueQueryStringParameters) {
    return Object.entries(event.multiValueQueryStringParameters).flatMap(([name, values]) =>
      (values ?? []).map((value): [string, string] => [name, value]),
    );
  }
  return Object.entries(event.queryStringParameters ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
}

/** Unlike `URLSearchParams`, which would put U+FFFD in place of bytes that are not UTF-8: another URL. */
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
