/** Stands between the functions and the local AWS services, and answers in their place where a test says so. */
import { once } from 'node:events';
import { createServer, request as open, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as rules see it. */
export interface GateRequest {
  /** `s3`, or the action of a JSON service, for example `DynamoDB.UpdateItem` or `secretsmanager.GetSecretValue`. */
  readonly action: string;
  readonly path: string;
  readonly body: string;
}

/** What a request is answered in the service's place. */
export type GateAnswer =
  | 'reset'
  | {
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Returns the answer to a request; undefined lets it through. */
export type GateRule = (request: GateRequest) => GateAnswer | undefined;

/** The gate. */
export interface AwsGate extends AsyncDisposable {
  /** Value for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Sets the address of the local services, once they have started. */
  forwardTo(url: string): void;
  /** Sets the one rule; undefined removes it. */
  rule: GateRule | undefined;
}

/** Opens the gate, on 127.0.0.1. */
export async function openAwsGate(): Promise<AwsGate> {
  let target = '';
  const server = createServer(async (request, response) => {
    const { method, url: path = '/', headers } = request;
    const body = await buffer(request);
    // As `DynamoDB_20120810.UpdateItem`.
    const action = String(headers['x-amz-target'] ?? 's3').replace(/_\d+(?=\.)/, '');
    const answer = gate.rule?.({ action, path, body: body.toString() });
    if (answer) return give(answer, response);
    open(new URL(path, target), { method, headers, agent: false, setHost: false })
      .on('response', (real) => {
        const { connection: _, ...headersToPass } = real.headers;
        real.pipe(response.writeHead(real.statusCode ?? 502, headersToPass));
      })
      .on('error', () => response.destroy())
      .end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gate: AwsGate = {
    url: `http://127.0.0.1:${port}`,
    rule: undefined,
    forwardTo(url) {
      target = url;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return gate;
}

function give(answer: GateAnswer, response: ServerResponse): void {
  // A `Date` by the clock of this machine would put back that of a stack whose time is faster.
  response.sendDate = false;
  if (answer === 'reset') response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}
