/**
 * API Gateway proxy events as AWS documents them, for one HTTP request.
 *
 * Payload 1.0: https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
 * Payload 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

/** One HTTP request to a route. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Route template, for example `/files/{resource}`. */
  readonly route: string;
  /** Path parameters, not encoded. */
  readonly path?: Readonly<Record<string, string>>;
  /** Query parameters in order, not encoded. */
  readonly query?: readonly [string, string][];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const headersOf = ({ headers, body }: HttpRequest): Record<string, string> => ({
  accept: '*/*',
  host: 'abcdefghij.execute-api.eu-central-1.amazonaws.com',
  'user-agent': 'curl/8.5.0',
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  ...headers,
});

const pathOf = ({ route, path = {} }: HttpRequest, encode: (text: string) => string) =>
  route.replace(/\{(\w+)\}/g, (_, name: string) => encode(path[name] ?? ''));

const lastOf = (query: HttpRequest['query']) =>
  query && query.length > 0 ? Object.fromEntries(query) : null;

/** The proxy event of a REST API (payload 1.0): path parameters stay encoded, as in the path. */
export function restApiEvent(request: HttpRequest): Record<string, unknown> {
  const { method, route, path, query = [], body, isBase64Encoded = false } = request;
  const headers = headersOf(request);
  const multi: Record<string, string[]> = {};
  for (const [name, value] of query) multi[name] = [...(multi[name] ?? []), value];
  const encoded = Object.entries(path ?? {}).map(([name, value]) => [
    name,
    encodeURIComponent(value),
  ]);
  return {
    resource: route,
    path: pathOf(request, encodeURIComponent),
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v]])),
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: query.length > 0 ? multi : null,
    pathParameters: encoded.length > 0 ? Object.fromEntries(encoded) : null,
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      httpMethod: method,
      identity: { sourceIp: '192.0.2.1', userAgent: headers['user-agent'] },
      path: `/v1${pathOf(request, encodeURIComponent)}`,
      protocol: 'HTTP/1.1',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      requestTimeEpoch: 1_428_582_896_000,
      resourceId: '123456',
      resourcePath: route,
      stage: 'v1',
    },
    body: body ?? null,
    isBase64Encoded,
  };
}

/** The proxy event of an HTTP API (payload 2.0): path parameters are decoded, repeated queries joined. */
export function httpApiEvent(request: HttpRequest): Record<string, unknown> {
  const { method, route, path, query = [], body, isBase64Encoded = false } = request;
  const joined: Record<string, string> = {};
  for (const [name, value] of query) {
    joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`;
  }
  return {
    version: '2.0',
    routeKey: `${method} ${route}`,
    rawPath: pathOf(request, (text) => text),
    rawQueryString: new URLSearchParams([...query]).toString(),
    headers: headersOf(request),
    ...(query.length > 0 ? { queryStringParameters: joined } : {}),
    ...(path ? { pathParameters: path } : {}),
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.execute-api.eu-central-1.amazonaws.com',
      http: {
        method,
        path: pathOf(request, (text) => text),
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'curl/8.5.0',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: `${method} ${route}`,
      stage: '$default',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: 1_583_348_638_390,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  };
}
