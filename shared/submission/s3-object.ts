/** Reads one S3 object as a stream, always the same version of it; knows nothing of VirusTotal. */
import { addAbortSignal, Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Call, signalFor } from '../call.ts';
import { UpstreamUnavailableError } from '../errors.ts';
import { describe, type ObjectAddress } from './object-address.ts';
import { translateS3Error } from './s3-errors.ts';

/** An object that is being read. */
export interface OpenObject {
  /** Length, bytes. */
  readonly size: number;
  /** The bytes; ends with a named error when the read breaks, stalls or falls short of `size`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Opens the very same object again, from its start. */
  reopen(): Promise<OpenObject>;
  /** Gives the connection back without reading the body. */
  close(): void;
}

/**
 * Opens an object for reading.
 *
 * @param client - made with `responseChecksumValidation: 'WHEN_REQUIRED'`: the digests are computed anyway
 * @param address - which object
 * @param call - the invocation's limits
 * @param etag - refuses any other content than this
 * @throws ObjectNotFoundError, ObjectAccessDeniedError, InvalidInputError, UpstreamUnavailableError,
 * UpstreamTimeoutError, as `translateS3Error` says
 */
export async function openObject(
  client: S3Client,
  address: ObjectAddress,
  call: Call,
  etag?: string,
): Promise<OpenObject> {
  const { bucket: Bucket, key: Key, versionId: VersionId } = address;
  const abortSignal = signalFor(call);
  const object = await client
    .send(new GetObjectCommand({ Bucket, Key, VersionId, IfMatch: etag }), { abortSignal })
    .catch((error: unknown) => {
      throw translateS3Error(error, address, abortSignal);
    });
  const { Body: body, ContentLength: size } = object;
  if (!(body instanceof Readable) || size === undefined) {
    throw new UpstreamUnavailableError(`S3 answered without a body for ${describe(address)}`);
  }
  // The SDK heeds the signal only until the headers are there.
  addAbortSignal(abortSignal, body);
  // Nobody may be reading yet when the read breaks; whoever reads later meets the same error.
  body.on('error', () => {});
  const pinned = { ...address, versionId: object.VersionId ?? address.versionId };
  return {
    size,
    body: whole(body, size, (error) => translateS3Error(error, address, abortSignal)),
    reopen: () => openObject(client, pinned, call, object.ETag),
    close: () => body.destroy(),
  };
}

async function* whole(
  body: AsyncIterable<Uint8Array>,
  size: number,
  translate: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    for await (const chunk of body) {
      read += chunk.byteLength;
      yield chunk;
    }
  } catch (error) {
    throw translate(error);
  }
  if (read !== size) {
    throw new UpstreamUnavailableError(`S3 ended the object after ${read} of ${size} bytes`);
  }
}
