/**
 * The S3 engine (fauxqs), used for what it is good at: it keeps bytes with their headers, puts
 * multipart uploads together, and answers reads with their ranges. Everything lies in one bucket,
 * under names that this adapter makes up, so that keys, versions, tags and listings, which the engine
 * gets wrong or has not, never reach it.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { buildApp } from 'fauxqs';
import { AwsRefusal } from '../refusal.ts';
import { unescapeXml } from '../xml.ts';

/** What the engine says of a blob. */
export interface BlobInfo {
  /** With quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
}

/** Headers of a request to the engine. */
export type EngineHeaders = Readonly<Record<string, string>>;

/** One request to the engine, and its answer. */
interface EngineRequest {
  readonly method: 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  /** Blob and query. */
  readonly path: string;
  readonly headers?: EngineHeaders;
  readonly payload?: Buffer | string;
}

/** The engine's only bucket. */
const BUCKET = 'blobs';

/** The engine. */
export class Engine {
  readonly #app = buildApp({ logger: false });
  /** Headers that the answer to a request gets, over the engine's own. */
  readonly #overrides = new WeakMap<IncomingMessage, EngineHeaders>();

  /** Starts an engine, without a port of its own. */
  static async start(): Promise<Engine> {
    const engine = new Engine();
    const app = engine.#app;
    // The engine's own parsers stop at 11 MiB and decode forms and JSON.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', async (_request: unknown, payload: AsyncIterable<Buffer>) => {
      const chunks: Buffer[] = [];
      for await (const chunk of payload) chunks.push(chunk);
      return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    });
    app.addHook('onSend', async (request, reply) => {
      if (reply.statusCode < 400) reply.headers(engine.#overrides.get(request.raw) ?? {});
    });
    await app.ready();
    await engine.#send({ method: 'PUT', path: '' });
    return engine;
  }

  /** A name for a blob to be. */
  newBlob(): string {
    return randomUUID();
  }

  /**
   * Stores a blob.
   *
   * @param headers - what is kept with it, see `stored-headers.ts`
   */
  async put(blob: string, headers: EngineHeaders, payload: Buffer): Promise<BlobInfo> {
    await this.#send({ method: 'PUT', path: blob, headers, payload });
    return this.#infoOf(blob);
  }

  /** Copies a blob with its headers, or with others when `x-amz-metadata-directive` is REPLACE. */
  async copy(source: string, blob: string, headers: EngineHeaders): Promise<BlobInfo> {
    const copySource = { 'x-amz-copy-source': `/${BUCKET}/${source}` };
    await this.#send({ method: 'PUT', path: blob, headers: { ...headers, ...copySource } });
    return this.#infoOf(blob);
  }

  /** Forgets a blob. Reads that are under way go on. */
  async remove(blob: string): Promise<void> {
    await this.#send({ method: 'DELETE', path: blob });
  }

  /** Starts a multipart upload. @returns its id */
  async startUpload(blob: string, headers: EngineHeaders): Promise<string> {
    const { body } = await this.#send({ method: 'POST', path: `${blob}?uploads`, headers });
    return textOf(body, 'UploadId');
  }

  /** Stores a part. @returns its ETag */
  async putPart(part: PartAddress, headers: EngineHeaders, payload: Buffer): Promise<string> {
    const answer = await this.#send({ method: 'PUT', path: pathOf(part), headers, payload });
    return String(answer.headers.etag);
  }

  /** Stores a part that is a copy, of the range in `x-amz-copy-source-range` if any. @returns its ETag */
  async copyPart(source: string, part: PartAddress, headers: EngineHeaders): Promise<string> {
    const copySource = { 'x-amz-copy-source': `/${BUCKET}/${source}` };
    const { body } = await this.#send({
      method: 'PUT',
      path: pathOf(part),
      headers: { ...headers, ...copySource },
    });
    return textOf(body, 'ETag');
  }

  /** Puts the parts together that the request's body lists. */
  async completeUpload(blob: string, uploadId: string, payload: Buffer): Promise<BlobInfo> {
    await this.#send({ method: 'POST', path: `${blob}?uploadId=${uploadId}`, payload });
    return this.#infoOf(blob);
  }

  /** Forgets a multipart upload. */
  async abortUpload(blob: string, uploadId: string): Promise<void> {
    await this.#send({ method: 'DELETE', path: `${blob}?uploadId=${uploadId}` });
  }

  /**
   * Answers a GET or HEAD of a blob.
   *
   * @param asked - what the engine gets to see of the request: a range and such
   * @param overrides - headers of the answer
   */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { readonly path: string; readonly headers: IncomingHttpHeaders },
    overrides: EngineHeaders,
  ): void {
    request.url = `/${BUCKET}/${asked.path}`;
    request.headers = { ...asked.headers, host: 'localhost' };
    const requestId = String(response.getHeader('x-amz-request-id'));
    this.#overrides.set(request, { ...overrides, 'x-amz-request-id': requestId });
    this.#app.routing(request, response);
  }

  /** Lets go of everything. */
  async close(): Promise<void> {
    await this.#app.close();
  }

  async #infoOf(blob: string): Promise<BlobInfo> {
    const { headers } = await this.#send({ method: 'HEAD', path: blob });
    return { etag: String(headers.etag), size: Number(headers['content-length']) };
  }

  /** @throws AwsRefusal with the engine's code and message */
  async #send({ method, path, headers = {}, payload }: EngineRequest) {
    const answer = await this.#app.inject({
      method,
      url: `/${BUCKET}/${path}`,
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      ...(payload === undefined ? {} : { payload }),
    });
    const { statusCode: status, body } = answer;
    if (status < 400) return answer;
    throw new AwsRefusal(textOf(body, 'Code') || 'InternalError', textOf(body, 'Message'), status);
  }
}

/** Where a part belongs. */
export interface PartAddress {
  readonly blob: string;
  readonly uploadId: string;
  readonly partNumber: number;
}

function pathOf({ blob, partNumber, uploadId }: PartAddress): string {
  return `${blob}?partNumber=${partNumber}&uploadId=${uploadId}`;
}

function textOf(xml: string, name: string): string {
  return unescapeXml(new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1] ?? '');
}
