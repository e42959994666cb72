/** API Gateway's REST API of the template, on one machine. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { LocalApi, LocalApiKey } from '../template/views/apis.ts';
import type { Invoker } from '../types.ts';
import { type RequestIds, requestContext, requestIds } from './context.ts';
import { type Route, readDefinition } from './definition.ts';
import { refusalAnswer } from './gateway-response.ts';
import { handle, type Stage } from './handle.ts';
import type { HttpAnswer } from './proxy-answer.ts';
import { GatewayRefusal, type RefusalType } from './refusal.ts';
import { readRequest } from './request.ts';
import { createRouter, type FindRoute } from './router.ts';
import type { SigningKey } from './signature.ts';

/** A request that was answered. */
export interface ServedRequest {
  readonly requestId: string;
  readonly method: string;
  /** Percent-encoded as it came, with the stage, without the query. */
  readonly path: string;
  /** The route, for example `/files/{resource}`; undefined if none matches. */
  readonly resourcePath?: string;
  /** The document's `operationId`. */
  readonly operationName?: string;
  readonly status: number;
  /** Why the gateway answered itself. */
  readonly refusal?: RefusalType;
  /** On the run's clock, milliseconds. */
  readonly durationMs: number;
}

/** What the gateway serves. */
export interface GatewayOptions {
  readonly api: LocalApi;
  readonly invoker: Invoker;
  readonly clock: Clock;
  /** @default 0, any free port */
  readonly port?: number;
  /** Keys that callers may send, where the API asks for one. @default those of the template */
  readonly apiKeys?: readonly LocalApiKey[];
  /** The key that requests have to be signed with, where the API asks for signatures. @default they are not checked */
  readonly signingKey?: SigningKey | undefined;
  /** Called before each answer is sent. @default no listener */
  readonly onRequest?: (served: ServedRequest) => void;
}

/** A gateway that serves. */
export interface Gateway {
  /** Address of the stage, without a slash at its end, as in the output `ApiUrl`. */
  readonly url: string;
  /** Ends the connections; functions that run go on. */
  close(): Promise<void>;
}

/**
 * Starts the gateway, on 127.0.0.1.
 *
 * Two things differ from AWS: signatures are checked only against `signingKey`, whose owner may call every route,
 * and there is no throttling.
 *
 * @throws UnsupportedApiError when the document has what the gateway does not know
 * @throws Error with code `EADDRINUSE` when the port is taken
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { api, port = 0, apiKeys = api.apiKeys, invoker, clock, onRequest, signingKey } = options;
  const definition = readDefinition(api.document);
  const findRoute = createRouter(definition.routes);
  const serving = { api, definition, apiKeys, signingKey, invoker, clock, findRoute, onRequest };
  const server = createServer((message, response) => {
    // No answer for a client that disconnected or never stops sending.
    serve(serving, message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}/${api.stage}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Serving extends Stage {
  readonly findRoute: FindRoute;
  readonly onRequest: GatewayOptions['onRequest'];
}

/** What an exchange has come to. */
interface Outcome {
  readonly answer: HttpAnswer;
  readonly route?: Route | undefined;
  readonly refusal?: RefusalType;
}

async function serve(
  serving: Serving,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedMs = serving.clock.now();
  const ids = requestIds(startedMs);
  const request = await readRequest(message);
  const { answer, route, refusal } = await outcomeOf(serving, request, ids);
  serving.onRequest?.({
    requestId: ids.requestId,
    method: request.method,
    path: request.path,
    resourcePath: route?.resource,
    operationName: route?.operationName,
    status: answer.status,
    refusal,
    durationMs: serving.clock.now() - startedMs,
  });
  send(response, answer, ids, refusal === undefined);
}

async function outcomeOf(
  serving: Serving,
  { body, ...request }: Awaited<ReturnType<typeof readRequest>>,
  ids: RequestIds,
): Promise<Outcome> {
  const { api, definition, findRoute, clock } = serving;
  const path = pathBelow(api.stage, request.path);
  if (path === undefined) return { answer: noSuchStage };
  const match = findRoute(request.method, path);
  const route = match?.route;
  try {
    if (!body) throw new GatewayRefusal('REQUEST_TOO_LARGE');
    const whole = { ...request, body };
    return { answer: await handle(serving, whole, path, match, ids), route };
  } catch (error) {
    if (!(error instanceof GatewayRefusal)) throw error;
    const context = requestContext(request, { api, route, ids, clock });
    const answer = refusalAnswer(error, definition.responses, request, context);
    return { answer, route, refusal: error.type };
  }
}

/** The path below the stage; undefined for another stage. */
function pathBelow(stage: string, path: string): string | undefined {
  const prefix = `/${stage}`;
  if (path === prefix) return '/';
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

/** API Gateway does not know the API then, so nothing of its document applies. */
const noSuchStage: HttpAnswer = {
  status: 403,
  headers: [
    ['Content-Type', ['application/json']],
    ['x-amzn-ErrorType', ['ForbiddenException']],
  ],
  body: Buffer.from('{"message":"Forbidden"}'),
};

function send(
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
  { requestId, extendedRequestId, traceId }: RequestIds,
  isTraced: boolean,
): void {
  response.statusCode = status;
  for (const [name, values] of headers) response.setHeader(name, [...values]);
  response.setHeader('x-amzn-RequestId', requestId);
  response.setHeader('x-amz-apigw-id', extendedRequestId);
  if (isTraced) response.setHeader('X-Amzn-Trace-Id', traceId);
  response.setHeader('Content-Length', body.length);
  response.end(body);
}
