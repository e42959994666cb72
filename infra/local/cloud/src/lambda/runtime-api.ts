/** Lambda's Runtime API for one process: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { InvocationResult, LambdaError } from '../types.ts';

/** An invocation for a process. */
export interface Assignment {
  readonly requestId: string;
  readonly functionArn: string;
  /** Epoch milliseconds, on the clock of the process. */
  readonly deadline: number;
  /** JSON text. */
  readonly payload: string;
  /** How far the clock has been put forward, milliseconds. */
  readonly skippedMs: number;
  /** End of the trace header: how often functions were invoked in this chain of events. */
  readonly lineage: string;
}

/** Receives the calls of the process. */
export interface RuntimeListener {
  /** The process is ready for an invocation. */
  onReady(assign: (assignment: Assignment) => void): void;
  onResult(requestId: string, result: InvocationResult): void;
  onInitError(error: LambdaError): void;
}

/** A server for one process. */
export interface RuntimeApi {
  /** Host and port, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  close(): void;
}

/** Longest response of a synchronous invocation, bytes. */
const MAX_RESPONSE_BYTES = 6_291_556;

/** Starts the API on 127.0.0.1, on any free port. */
export async function startRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  const server = createServer((request, response) => {
    serve(listener, request, response).catch(() => response.destroy());
  });
  // An idle process waits for its next invocation without a limit.
  server.requestTimeout = 0;
  server.timeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve(
  listener: RuntimeListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.replace('/2018-06-01/runtime', '') ?? '';
  if (path === '/invocation/next') {
    listener.onReady((assignment) => assign(assignment, response));
    return;
  }
  const body = await textOf(request);
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  const [, , requestId = '', kind] = path.split('/');
  if (path === '/init/error') listener.onInitError(JSON.parse(body));
  else if (kind === 'error') {
    listener.onResult(requestId, { status: 'failed', error: JSON.parse(body) });
  } else listener.onResult(requestId, responseOf(body));
}

function assign(
  { requestId, functionArn, deadline, payload, skippedMs, lineage }: Assignment,
  to: ServerResponse,
) {
  to.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': requestId,
    'lambda-runtime-deadline-ms': String(Math.floor(deadline)),
    'local-clock-skipped-ms': String(skippedMs),
    'lambda-runtime-invoked-function-arn': functionArn,
    'lambda-runtime-trace-id': `${traceId(requestId)};${lineage}`,
  }).end(payload);
}

function responseOf(payload: string): InvocationResult {
  if (Buffer.byteLength(payload) <= MAX_RESPONSE_BYTES) return { status: 'succeeded', payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
  return { status: 'failed', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function traceId(requestId: string): string {
  const hex = requestId.replaceAll('-', '');
  return `Root=1-${hex.slice(0, 8)}-${hex.slice(8, 32)};Sampled=0`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
