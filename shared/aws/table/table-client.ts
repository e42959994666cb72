/**
 * A client of DynamoDB: AWS's own signer, HTTP handler and retry strategy, which every bundle contains for
 * Secrets Manager anyway. `@aws-sdk/client-dynamodb` would add 39 KiB and a fifth of a cold start
 * (docs/decisions.md).
 */
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Environment } from '../../environment.ts';
import { parseJson } from '../../schema/parse-json.ts';
import { AnswerClock } from './answer-clock.ts';
import { tableEndpoint } from './table-endpoint.ts';
import { retryTypeOf, TableError } from './table-errors.ts';

/** A request, with the parameters of DynamoDB's API. */
export type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** What a client needs. */
export interface TableClientOptions {
  /** Usually `process.env`: credentials, Region, endpoint. */
  readonly environment: Environment;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** As the SDK's client of DynamoDB has it. */
const MAX_ATTEMPTS = 4;

/** Longest wait for one answer before the request is retried, milliseconds. */
const ANSWER_MS = 5_000;

/** DynamoDB. */
export class TableClient {
  readonly #environment: Environment;
  readonly #clock: AnswerClock;
  readonly #url: URL;
  readonly #handler: NodeHttpHandler;
  readonly #retries: StandardRetryStrategy;

  constructor({ environment, now = Date.now }: TableClientOptions) {
    this.#environment = environment;
    this.#clock = new AnswerClock(now);
    this.#url = tableEndpoint(environment);
    this.#handler = new NodeHttpHandler();
    this.#retries = new StandardRetryStrategy(Number(environment.AWS_MAX_ATTEMPTS ?? MAX_ATTEMPTS));
  }

  /** Epoch milliseconds, within a second of DynamoDB's clock once that has answered. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * Sends a request; retries what the SDK retries, with its delays.
   *
   * @throws TableError that DynamoDB answers with, or the error of the connection
   */
  async send(action: TableAction, input: object, signal: AbortSignal): Promise<object> {
    let token = await this.#retries.acquireInitialRetryToken('');
    for (;;) {
      try {
        const output = await inTime(signal, (limit) => this.#sendOnce(action, input, limit));
        this.#retries.recordSuccess(token);
        return output;
      } catch (error) {
        signal.throwIfAborted();
        // It waits before it returns; it throws if there is to be no retry.
        const next = this.#retries.refreshRetryTokenForRetry(token, {
          errorType: retryTypeOf(error),
        });
        token = await beforeAbort(next, signal).catch((refusal: unknown) => {
          throw signal.aborted ? refusal : error;
        });
      }
    }
  }

  async #sendOnce(action: TableAction, input: object, signal: AbortSignal): Promise<object> {
    const sentAt = this.#clock.localNow();
    const request = await this.#sign(action, JSON.stringify(input));
    const { response } = await this.#handler.handle(request, { abortSignal: signal });
    const text = await readText(response.body);
    this.#clock.learn(response.headers.date, sentAt);
    const body = parseJson(text);
    if (response.statusCode !== 200 || typeof body !== 'object' || body === null) {
      throw new TableError(response.statusCode, body);
    }
    return body;
  }

  #sign(action: TableAction, body: string): Promise<HttpRequest> {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } =
      this.#environment;
    const signer = new SignatureV4({
      service: 'dynamodb',
      region: AWS_REGION ?? '',
      credentials: {
        accessKeyId: AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
        ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
      },
      sha256: Sha256,
    });
    const { protocol, hostname, port, pathname, host } = this.#url;
    const request = new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: pathname,
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': String(Buffer.byteLength(body)),
        'x-amz-target': `DynamoDB_20120810.${action}`,
      },
      body,
    });
    return signer.sign(request, { signingDate: new Date(this.now()) }).then(HttpRequest.clone);
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** @throws Error `TimeoutError`, which may be retried, if one answer takes too long */
async function inTime<T>(signal: AbortSignal, send: (limit: AbortSignal) => Promise<T>) {
  const timeout = AbortSignal.timeout(ANSWER_MS);
  try {
    return await send(AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (!timeout.aborted) throw error;
    // The SDK's own functions, which classify it, cannot read a DOMException's copy.
    throw Object.assign(new Error('no answer in time', { cause: error }), { name: 'TimeoutError' });
  }
}

async function beforeAbort<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  pending.catch(() => {});
  try {
    return await Promise.race([pending, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
