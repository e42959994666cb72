/** A Step Functions that also shows executions which a test has made up; everything else goes on to the real one. */
import {
  createServer,
  type IncomingMessage,
  request as open,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** The server. */
export interface PretendedExecutions {
  /** Value for `AWS_ENDPOINT_URL_SFN`. */
  readonly url: string;
  /** Shows an execution as running from now on. */
  run(executionArn: string, input: unknown): void;
  close(): Promise<void>;
}

/** Starts it. @param target - address of the real one, read at each request */
export async function startPretendedExecutions(target: () => string): Promise<PretendedExecutions> {
  const inputs = new Map<string, string>();
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(incoming);
    const { executionArn } = JSON.parse(body.toString());
    const input = inputs.get(executionArn);
    const isShown = String(incoming.headers['x-amz-target']).endsWith('.DescribeExecution');
    if (isShown && input !== undefined) {
      const execution = { executionArn, status: 'RUNNING', startDate: 1_700_000_000, input };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(execution));
      return;
    }
    const { method, url: path = '/', headers } = incoming;
    open(new URL(path, target()), { method, headers, agent: false, setHost: false })
      .on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      })
      .on('error', () => response.destroy())
      .end(body);
  };
  const server = createServer((incoming, response) => {
    // A function that was killed needs no answer.
    serve(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    run: (executionArn, input) => inputs.set(executionArn, JSON.stringify(input)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
