/**
 * The event that a function receives: payload format 1.0 of REST APIs
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
 */
import type { requestContext } from './context.ts';
import { mediaType } from './models.ts';
import { type GatewayRequest, headerValues, type MultiValues } from './request.ts';
import type { RouteMatch } from './router.ts';

/** The parts of an event besides the request. */
export interface EventOptions {
  readonly match: RouteMatch;
  /** Percent-encoded, as received, without the stage. */
  readonly path: string;
  readonly context: ReturnType<typeof requestContext>;
  readonly traceId: string;
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly binaryMediaTypes: readonly string[];
}

/** Headers that apply only to the connection. */
const notPassedOn: readonly string[] = ['connection', 'content-length', 'transfer-encoding'];

export function proxyEvent(request: GatewayRequest, options: EventOptions) {
  const { method, query, body } = request;
  const { match, path, context, stageVariables, binaryMediaTypes } = options;
  const headers = passedOn(request, options.traceId);
  const isBinary = body.length > 0 && isBinaryType(headers, 'content-type', binaryMediaTypes);
  return {
    resource: match.route.resource,
    path,
    httpMethod: method,
    headers: lastValues(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size > 0 ? lastValues(query) : null,
    multiValueQueryStringParameters: query.size > 0 ? Object.fromEntries(query) : null,
    pathParameters: match.pathParameters.size > 0 ? Object.fromEntries(match.pathParameters) : null,
    stageVariables,
    requestContext: context,
    body: body.length > 0 ? body.toString(isBinary ? 'base64' : 'utf8') : null,
    isBase64Encoded: isBinary,
  };
}

/** Whether the first media type of a header is passed on as bytes. */
export function isBinaryType(
  headers: MultiValues,
  header: string,
  binaryMediaTypes: readonly string[],
): boolean {
  const [value = ''] = headerValues(headers, header);
  const type = mediaType(value.split(',')[0] ?? '');
  return binaryMediaTypes.some((binary) => binary === '*/*' || mediaType(binary) === type);
}

function passedOn({ headers, sourceIp, port }: GatewayRequest, traceId: string): MultiValues {
  const forwardedFor = [...headerValues(headers, 'x-forwarded-for'), sourceIp].join(', ');
  const [trace = traceId] = headerValues(headers, 'x-amzn-trace-id');
  const added = new Map([
    ['X-Amzn-Trace-Id', [trace]],
    ['X-Forwarded-For', [forwardedFor]],
    ['X-Forwarded-Port', [String(port)]],
    ['X-Forwarded-Proto', ['http']],
  ]);
  const replaced = [...added.keys()].map((name) => name.toLowerCase());
  const kept = [...headers].filter(
    ([name]) => ![...notPassedOn, ...replaced].includes(name.toLowerCase()),
  );
  return new Map([...kept, ...added]);
}

function lastValues(values: MultiValues): Record<string, string> {
  return Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1) ?? '']));
}
