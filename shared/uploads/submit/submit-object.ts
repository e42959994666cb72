/** Submits one S3 object to VirusTotal: sends it, or looks up its digest first, or only looks it up. */
import { describeObject, type ObjectAddress } from '../../aws/s3/object-address.ts';
import { openObject } from '../../aws/s3/s3-object.ts';
import { describeStored, type StoredObject } from '../../aws/s3/stored-object.ts';
import { InvalidInputError, ObjectTooLargeError, UpstreamUnavailableError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { MAX_FILE_BYTES } from '../../virustotal/limits.ts';
import { isVersion } from '../events/uploaded-object.ts';
import { lookUpFirst } from './look-up-first.ts';
import { ObjectSource } from './object-source.ts';
import { type Submitted, sendObject } from './send-object.ts';
import type { SubmitRequest, SubmitServices } from './submit-request.ts';

/** The object is empty, which VirusTotal does not accept: an error for a direct call, skipped for an event. */
export class EmptyObjectError extends InvalidInputError {}

/** The object is larger than `maxBytes`, though not too large for VirusTotal; nothing was read or sent. */
export class LargeObjectError extends Error {
  override readonly name = 'LargeObjectError';
  /** The object, with its current version. */
  readonly address: ObjectAddress;

  constructor(address: ObjectAddress) {
    super(`${describeObject(address)} is too large to be submitted within this call`);
    this.address = address;
  }
}

/**
 * Submits one object.
 *
 * @throws ObjectTooLargeError, EmptyObjectError, LargeObjectError before a byte is sent; InDoubtError; and the errors
 * of S3 and VirusTotal
 */
export async function submit(
  services: SubmitServices,
  request: SubmitRequest,
  limits: Limits,
): Promise<Submitted> {
  const source = sourceOf(services, request, limits);
  try {
    return await submitFrom(services, request, source, limits);
  } finally {
    source.close();
  }
}

/** The object of a request, to be closed by the caller. */
export function sourceOf(
  services: SubmitServices,
  request: SubmitRequest,
  limits: Limits,
): ObjectSource {
  const { address, etag, progress } = request;
  return new ObjectSource({
    describe: () => describeStored(services.s3, address, limits, etag),
    open: (described) =>
      openObject(services.s3, described?.address ?? address, limits, described?.etag ?? etag),
    check: (object) => checkObject(object, request),
    size: progress?.content?.size,
    now: services.now ?? Date.now,
  });
}

/** Submits one object that may have been described already. @throws the errors of `submit` */
export async function submitFrom(
  services: SubmitServices,
  request: SubmitRequest,
  source: ObjectSource,
  limits: Limits,
): Promise<Submitted> {
  const { upload, progress, sendingSince = null } = request;
  return upload === 'always' && sendingSince === null
    ? sendObject(services.virusTotal, source, progress, limits)
    : lookUpFirst(services, request, source, limits);
}

function checkObject(object: StoredObject, request: SubmitRequest): void {
  const { size, address } = object;
  const { maxBytes = MAX_FILE_BYTES } = request;
  if (request.size !== undefined && size !== request.size && isAskedFor(object, request)) {
    throw new UpstreamUnavailableError(
      `S3 returned ${size} bytes for ${describeObject(address)}; expected ${request.size}, the size in its event; try again`,
    );
  }
  checkSize(size, request.address);
  if (size > maxBytes) throw new LargeObjectError(address);
}

/** Whether an object is certainly the one of the event: by its version, or by its ETag. */
function isAskedFor(object: StoredObject, { address, etag }: SubmitRequest): boolean {
  return isVersion(address.versionId ?? null) || (etag !== undefined && object.etag === etag);
}

function checkSize(size: number, address: ObjectAddress): void {
  if (size > MAX_FILE_BYTES) {
    throw new ObjectTooLargeError(
      `${describeObject(address)}: got ${size} bytes; allowed: at most ${MAX_FILE_BYTES} bytes (650 MiB)`,
    );
  }
  if (size === 0) {
    throw new EmptyObjectError(
      `key: ${describeObject(address)} is empty; allowed: an object of 1 to ${MAX_FILE_BYTES} bytes`,
    );
  }
}
