/**
 * One HTTP address for all AWS services of the local run. It finds the service of a request by the
 * credential scope of its signature.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { CallRecorder } from '../../types.ts';
import { credentialOf } from './credential.ts';
import { AwsRefusal, answerRefusal, type ErrorFormat, formatOf } from './refusal.ts';
import type { AwsExchange, AwsService } from './service.ts';

/** How long a connection may be idle, milliseconds. */
const KEEP_ALIVE_MS = 600_000;

export interface AwsEndpointOptions {
  /** The endpoint closes them when it closes. */
  readonly services: readonly AwsService[];
  readonly recorder: CallRecorder;
  /** @default 0, any free port */
  readonly port?: number;
  /** Clock of the `Date` of answers, epoch milliseconds: clients correct theirs by it. @default Date.now */
  readonly now?: () => number;
}

export interface AwsEndpoint {
  /** The value for `AWS_ENDPOINT_URL`: scheme, IP address and port, so that S3 clients use path style. */
  readonly url: string;
  /** Ends the connections, then closes the services. */
  close(): Promise<void>;
}

/**
 * Starts the endpoint, on 127.0.0.1.
 *
 * @throws Error with code `EADDRINUSE` when the port is taken
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const { services, recorder, port = 0, now = Date.now } = options;
  const server = createServer((request, response) => {
    response.setHeader('date', new Date(now()).toUTCString());
    void serve(services, recorder, request, response);
  });
  // A file of 650 MB may take longer than Node's 5 min.
  server.requestTimeout = 0;
  // Clients reuse connections; one that is busy for longer than Node's default of 5 s would send its
  // next request to a closed connection.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await Promise.all(services.map((service) => service.close()));
    },
  };
}

async function serve(
  services: readonly AwsService[],
  recorder: CallRecorder,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  response.setHeader('x-amzn-requestid', requestId);
  response.setHeader('x-amz-request-id', requestId);
  const credential = credentialOf(request);
  const service = services.find(({ names }) => names.includes(credential?.service ?? ''));
  try {
    if (!credential) throw unsigned(services);
    if (!service) throw unknown(credential.service, services);
    await service.handle(exchangeOf(request, response, credential, recorder));
  } catch (error) {
    fail(response, error, service?.errorFormat ?? formatOf(request, credential?.service));
  }
}

function exchangeOf(
  request: IncomingMessage,
  response: ServerResponse,
  { accessKeyId: principal, region }: { readonly accessKeyId: string; readonly region: string },
  recorder: CallRecorder,
): AwsExchange {
  const calls: { readonly action: string; readonly resources: readonly string[] }[] = [];
  const flush = () => {
    const status = response.headersSent ? { status: response.statusCode } : {};
    for (const call of calls.splice(0)) recorder.record({ principal, ...call, ...status });
  };
  // Before the client can have seen the end of the answer; `close` is for clients that went away.
  response.once('prefinish', flush).once('close', flush);
  return {
    request,
    response,
    principal,
    region,
    note(action, resources) {
      calls.push({ action, resources });
      const refusal = recorder.refusalOf?.({ principal, action, resources });
      if (refusal !== undefined) throw new AwsRefusal(denialCode(request), refusal, 403);
    },
  };
}

function fail(response: ServerResponse, error: unknown, format: ErrorFormat): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const refusal =
    error instanceof AwsRefusal ? error : new AwsRefusal('InternalFailure', String(error), 500);
  answerRefusal(response, refusal, format);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and the common errors of the other services */
function denialCode(request: IncomingMessage): string {
  return credentialOf(request)?.service === 's3' ? 'AccessDenied' : 'AccessDeniedException';
}

function unsigned(services: readonly AwsService[]): AwsRefusal {
  const message = `The request is not signed, so its service is not known. ${served(services)}`;
  return new AwsRefusal('MissingAuthenticationToken', message, 403);
}

function unknown(name: string, services: readonly AwsService[]): AwsRefusal {
  const message = `The local run does not serve ${name}. ${served(services)}`;
  return new AwsRefusal('NotImplemented', message, 501);
}

function served(services: readonly AwsService[]): string {
  return `Served here: ${services.flatMap(({ names }) => names).join(', ')}.`;
}
