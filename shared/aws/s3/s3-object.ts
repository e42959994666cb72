/** Reads one version of an S3 object as a stream; knows nothing of VirusTotal. */
import { addAbortSignal, Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { UpstreamUnavailableError } from '../../errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { describeObject, inputFor, type ObjectAddress } from './object-address.ts';
import { resumedRead } from './resumed-read.ts';
import { translateReadError } from './s3-errors.ts';
import { type StoredObject, toStored } from './stored-object.ts';

/** An object that is being read. */
export interface OpenObject extends StoredObject {
  /**
   * The bytes, to be read once. An interrupted read resumes where it stopped; if that fails, or the read
   * stalls or ends early, it throws a named error.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Opens the very same object again, from its start. */
  reopen(): Promise<OpenObject>;
  /** Closes the connection, however much of the body was read. */
  close(): void;
}

/**
 * Opens an object for reading.
 *
 * @param client - with `responseChecksumValidation: 'WHEN_REQUIRED'`: the digests are computed anyway
 * @param etag - only read the object if its (quoted) ETag matches. @default any content
 * @throws ObjectNotFoundError, ObjectAccessDeniedError, InvalidInputError, UpstreamUnavailableError,
 * UpstreamTimeoutError, as `translateReadError` says
 */
export async function openObject(
  client: S3Client,
  address: ObjectAddress,
  limits: Limits,
  etag?: string,
): Promise<OpenObject> {
  const timeout = signalFor(limits);
  const closing = new AbortController();
  const signal = AbortSignal.any([timeout, closing.signal]);
  const explain = (error: unknown) => translateReadError(error, address, timeout);
  const first = await get(client, { ...inputFor(address), IfMatch: etag }, signal).catch(
    (error: unknown) => {
      throw explain(error);
    },
  );
  const { body } = first;
  const stored = toStored(address, first);
  if (!body || !stored) {
    closing.abort();
    throw new UpstreamUnavailableError(`S3 answered without a body for ${describeObject(address)}`);
  }
  const { address: pinned, size, etag: ETag } = stored;
  // Without an ETag, the rest could belong to another object.
  const rest =
    ETag === undefined
      ? undefined
      : (from: number) => readRest(client, pinned, { from, size, ETag }, signal);
  return {
    ...stored,
    body: resumedRead(body, { size, rest, explain, signal }),
    reopen: () => openObject(client, pinned, limits, ETag),
    close: () => closing.abort(),
  };
}

/** Sends one request; the body of its answer ends with the signal, whether it is read or not. */
async function get(client: S3Client, input: GetObjectCommandInput, signal: AbortSignal) {
  const answer = await client.send(new GetObjectCommand(input), { abortSignal: signal });
  if (!(answer.Body instanceof Readable)) return { ...answer, body: undefined };
  // The SDK ignores the signal once the headers have arrived.
  addAbortSignal(signal, answer.Body);
  // An error before the first read must not end the process; a later read gets the same error.
  answer.Body.on('error', () => {});
  return { ...answer, body: answer.Body };
}

/** The rest of an object. */
interface Rest {
  /** Bytes that were read already. */
  readonly from: number;
  /** Length of the whole object, bytes. */
  readonly size: number;
  readonly ETag: string;
}

async function readRest(
  client: S3Client,
  address: ObjectAddress,
  rest: Rest,
  signal: AbortSignal,
): Promise<Readable> {
  const { from, size, ETag } = rest;
  const input = { ...inputFor(address), IfMatch: ETag, Range: `bytes=${from}-` };
  const answer = await get(client, input, signal);
  if (answer.body && isRest(answer, rest)) return answer.body;
  answer.body?.destroy();
  throw new UpstreamUnavailableError(
    `S3 did not resume ${describeObject(address)} after ${from} of ${size} bytes; try again`,
  );
}

/** Whether an answer is exactly the rest of the same object; a server may ignore the range. */
function isRest(answer: GetObjectCommandOutput, { from, size, ETag }: Rest): boolean {
  return (
    answer.ContentRange === `bytes ${from}-${size - 1}/${size}` &&
    answer.ContentLength === size - from &&
    answer.ETag === ETag
  );
}
