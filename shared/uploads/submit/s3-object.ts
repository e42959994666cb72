/** Reads one S3 object as a stream, always the same version of it; knows nothing of VirusTotal. */
import { addAbortSignal, Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { UpstreamUnavailableError } from '../../errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { describeObject, type ObjectAddress } from './object-address.ts';
import { resumedRead } from './resumed-read.ts';
import { translateS3Error } from './s3-errors.ts';

/** An object that is being read. */
export interface OpenObject {
  /** Where it is; with its version, if it has one. */
  readonly address: ObjectAddress;
  /** Length, bytes. */
  readonly size: number;
  /**
   * The bytes, to be read once. A connection that breaks is followed by one that goes on there; ends with a
   * named error when that fails, the read stalls or falls short of `size`.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Opens the very same object again, from its start. */
  reopen(): Promise<OpenObject>;
  /** Gives the connection back, however much of the body was read. */
  close(): void;
}

/**
 * Opens an object for reading.
 *
 * @param client - made with `responseChecksumValidation: 'WHEN_REQUIRED'`: the digests are computed anyway
 * @param address - which object
 * @param limits - the invocation's limits
 * @param etag - refuses any other content than this
 * @throws ObjectNotFoundError, ObjectAccessDeniedError, InvalidInputError, UpstreamUnavailableError,
 * UpstreamTimeoutError, as `translateS3Error` says
 */
export async function openObject(
  client: S3Client,
  address: ObjectAddress,
  limits: Limits,
  etag?: string,
): Promise<OpenObject> {
  const limit = signalFor(limits);
  const closing = new AbortController();
  const signal = AbortSignal.any([limit, closing.signal]);
  const explain = (error: unknown) => translateS3Error(error, address, limit);
  const first = await get(client, { ...input(address), IfMatch: etag }, signal).catch(
    (error: unknown) => {
      throw explain(error);
    },
  );
  const { body, ContentLength: size, ETag, VersionId } = first;
  if (!body || size === undefined) {
    closing.abort();
    throw new UpstreamUnavailableError(`S3 answered without a body for ${describeObject(address)}`);
  }
  const pinned = { ...address, versionId: VersionId ?? address.versionId };
  const rest = async (from: number) => {
    const range = { IfMatch: ETag, Range: `bytes=${from}-` };
    const answer = await get(client, { ...input(pinned), ...range }, signal);
    if (answer.body && isRest(answer, { from, size, ETag })) return answer.body;
    answer.body?.destroy();
    throw new UpstreamUnavailableError(
      `S3 did not go on with ${describeObject(address)} after ${from} of ${size} bytes; try again`,
    );
  };
  return {
    address: pinned,
    size,
    // Without an ETag, what follows could be of another object.
    body: resumedRead(body, { size, rest: ETag === undefined ? undefined : rest, explain, signal }),
    reopen: () => openObject(client, pinned, limits, ETag),
    close: () => closing.abort(),
  };
}

const input = ({ bucket: Bucket, key: Key, versionId: VersionId }: ObjectAddress) => ({
  Bucket,
  Key,
  VersionId,
});

/** One answer of S3; its body ends with the signal, whether anybody reads it or not. */
async function get(client: S3Client, command: GetObjectCommandInput, signal: AbortSignal) {
  const answer = await client.send(new GetObjectCommand(command), { abortSignal: signal });
  if (!(answer.Body instanceof Readable)) return { ...answer, body: undefined };
  // The SDK heeds the signal only until the headers are there.
  addAbortSignal(signal, answer.Body);
  // Nobody may be reading yet when the read breaks; whoever reads later meets the same error.
  answer.Body.on('error', () => {});
  return { ...answer, body: answer.Body };
}

/** Whether an answer is exactly the rest of the same object; a server may take a range for the whole. */
function isRest(
  answer: GetObjectCommandOutput,
  { from, size, ETag }: { from: number; size: number; ETag: string | undefined },
): boolean {
  return (
    answer.ContentRange === `bytes ${from}-${size - 1}/${size}` &&
    answer.ContentLength === size - from &&
    answer.ETag === ETag
  );
}
