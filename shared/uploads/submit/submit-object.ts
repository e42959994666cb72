/** Submits one S3 object to VirusTotal: sends it, or looks up its digest first, or only looks it up. */
import type { S3Client } from '@aws-sdk/client-s3';
import { describeObject, type ObjectAddress } from '../../aws/s3/object-address.ts';
import { type OpenObject, openObject } from '../../aws/s3/s3-object.ts';
import { InvalidInputError, ObjectTooLargeError, UpstreamUnavailableError } from '../../errors.ts';
import { cacheUse, type Limits } from '../../limits.ts';
import {
  submitFileKnown,
  submitFileRunning,
  submitFileUnknown,
} from '../../operations/submit-file/map.ts';
import type { SubmitFileOutput } from '../../operations/submit-file/output.ts';
import type { UploadMode } from '../../schema/fields/upload-mode.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { MAX_FILE_BYTES } from '../../virustotal/limits.ts';
import { isVersion } from '../events/uploaded-object.ts';
import type { KnownContent } from './known-content.ts';
import { refreshReport, reportAgeDays } from './known-file.ts';
import { ObjectSource } from './object-source.ts';
import { digestsOf, type Submitted, sendObject, type UploadProgress } from './send-object.ts';

/** How to submit one object. */
export interface SubmitRequest {
  readonly address: ObjectAddress;
  readonly upload: UploadMode;
  /** With `if-unknown`: age from which a report is refreshed, days. */
  readonly maxReportAgeDays: number;
  /** Skip objects larger than this, in bytes. @default VirusTotal's limit, 650 MiB */
  readonly maxBytes?: number | undefined;
  /** Only read the object if its (quoted) ETag still matches. @default any content */
  readonly etag?: string | undefined;
  /** Length that the object has if it is certainly the one that was asked for, in bytes. @default any length */
  readonly size?: number | undefined;
  /** Follows the submission, and knows what an earlier attempt has read. @default not followed */
  readonly progress?: UploadProgress | undefined;
  /**
   * When an earlier attempt began to send the same file, epoch milliseconds: the digest is looked up first,
   * whatever the mode, and only an unknown file is sent. @default no earlier attempt did
   */
  readonly sendingSince?: number | null;
}

/** An earlier attempt may have sent the file, but VirusTotal does not show it (yet). */
export class InDoubtError extends Error {
  override readonly name = 'InDoubtError';
}

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

/** What a submission needs. */
export interface SubmitServices {
  readonly s3: S3Client;
  readonly virusTotal: VirusTotalClient;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * How long after its upload began a file may still be unknown although it arrived: a first analysis takes
 * minutes, and until it ends VirusTotal answers 404. Milliseconds.
 */
export const SHOWN_WITHIN_MS = 10 * 60 * 1000;

/**
 * Submits one object and returns the operation's output.
 *
 * @throws ObjectTooLargeError, EmptyObjectError, LargeObjectError before a byte is sent; and the errors of
 * S3 and VirusTotal
 */
export async function submitObject(
  services: SubmitServices,
  request: SubmitRequest,
  limits: Limits,
): Promise<SubmitFileOutput> {
  return (await submit(services, request, limits)).output;
}

/**
 * Submits one object.
 *
 * @throws InDoubtError, and the errors of `submitObject`
 */
export async function submit(
  services: SubmitServices,
  request: SubmitRequest,
  limits: Limits,
): Promise<Submitted> {
  const { address, etag, upload, progress, sendingSince = null } = request;
  const source = new ObjectSource({
    open: () => openObject(services.s3, address, limits, etag),
    check: (object) => checkObject(object, request),
    size: progress?.content?.size,
  });
  try {
    if (upload === 'always' && sendingSince === null) {
      return await sendObject(services.virusTotal, source, progress, limits);
    }
    return await lookUpFirst(services, request, source, limits);
  } finally {
    source.close();
  }
}

function checkObject(object: OpenObject, request: SubmitRequest): void {
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
function isAskedFor(object: OpenObject, { address, etag }: SubmitRequest): boolean {
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

async function lookUpFirst(
  { virusTotal, now = Date.now }: SubmitServices,
  request: SubmitRequest,
  source: ObjectSource,
  limits: Limits,
): Promise<Submitted> {
  const { upload, maxReportAgeDays, progress, sendingSince = null } = request;
  const { digests } = progress?.content ?? (await readContent(source, request));
  const nowMs = now();
  // Whether an earlier attempt's file has arrived is no older answer's to say.
  const cache = cacheUse(sendingSince === null ? 'use' : 'bypass');
  const lookup = await virusTotal.file(digests.sha256, { ...limits, cache });
  if (sendingSince !== null) {
    await virusTotal.forgetFile(Object.values(digests), Math.floor(sendingSince / 1000), limits);
  }
  if (lookup.status === 'not-available-yet') {
    return { kind: 'known', output: submitFileRunning(digests) };
  }
  if (lookup.status !== 'found') {
    if (upload === 'never') return { kind: 'unknown', output: submitFileUnknown(digests) };
    if (sendingSince !== null && nowMs - sendingSince < SHOWN_WITHIN_MS) throw new InDoubtError();
    return sendObject(virusTotal, source, progress, limits, sendingSince === null);
  }
  const { object: file } = lookup;
  if (upload === 'never' || reportAgeDays(file, nowMs) <= maxReportAgeDays) {
    return { kind: 'known', output: submitFileKnown(digests, file) };
  }
  return refreshReport(virusTotal, digests, file, limits);
}

/** Reads an object to its end. */
async function readContent(source: ObjectSource, request: SubmitRequest): Promise<KnownContent> {
  const object = await source.read();
  const content = { size: object.size, digests: await digestsOf(object) };
  if (request.progress && isAskedFor(object, request)) request.progress.content = content;
  return content;
}
