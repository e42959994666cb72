/** Brings one S3 object to VirusTotal: sends it, or asks by its digest first, or only asks. */
import type { S3Client } from '@aws-sdk/client-s3';
import { InvalidInputError, ObjectTooLargeError, UpstreamUnavailableError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import {
  submitFileKnown,
  submitFileQueued,
  submitFileRunning,
  submitFileUnknown,
} from '../../operations/submit-file/map.ts';
import type { SubmitFileOutput } from '../../operations/submit-file/output.ts';
import type { UploadMode } from '../../schema/fields/upload-mode.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { MAX_FILE_BYTES } from '../../virustotal/limits.ts';
import { createDigestTap, type Digests } from './digests.ts';
import { describeObject, type ObjectAddress } from './object-address.ts';
import { type OpenObject, openObject } from './s3-object.ts';

/** How one object is submitted. */
export interface SubmitRequest {
  readonly address: ObjectAddress;
  readonly upload: UploadMode;
  /** With `if-unknown`: age from which a report is analysed anew, days. */
  readonly maxReportAgeDays: number;
  /** Leaves a longer object alone, bytes. @default none is too long that VirusTotal takes */
  readonly maxBytes?: number | undefined;
  /** Refuses any other content than this: quoted. @default whatever is there */
  readonly etag?: string | undefined;
  /** Follows the sending of the file. @default nobody */
  readonly sending?: UploadProgress | undefined;
  /**
   * When an earlier attempt was sending the same file, epoch milliseconds: VirusTotal is asked first,
   * whatever the mode, and only a file that it does not know is sent. @default there was none
   */
  readonly sendingSince?: number | null;
}

/** Follows the sending of one file. */
export interface UploadProgress {
  /** Called before a byte is sent; what it throws keeps the file from being sent. */
  begin(): Promise<void>;
  /** Whether all of it was handed to the connection: from then on it may have arrived. Written here. */
  isHandedOver: boolean;
}

/** What became of a submission. */
export interface Submitted {
  /** An analysis was queued; or VirusTotal has the file, or does not know it, and nothing was sent. */
  readonly outcome: 'submitted' | 'known' | 'unknown';
  readonly output: SubmitFileOutput;
}

/** An earlier attempt may have sent the file, and VirusTotal does not show it: not yet, or not at all. */
export class InDoubtError extends Error {
  override readonly name = 'InDoubtError';
}

/** The object has no content, which VirusTotal does not take: a direct call is told so, an event skips it. */
export class EmptyObjectError extends InvalidInputError {}

/** The object is over `maxBytes`, though VirusTotal would take it: nothing of it was read or sent. */
export class LargeObjectError extends Error {
  override readonly name = 'LargeObjectError';
  /** The object, and the version that was seen. */
  readonly address: ObjectAddress;

  constructor(address: ObjectAddress) {
    super(`${describeObject(address)} is too large to be submitted within this call`);
    this.address = address;
  }
}

/** What a submission works with. */
export interface SubmitServices {
  readonly s3: S3Client;
  readonly virusTotal: VirusTotalClient;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

const DAY_SECONDS = 86_400;

/**
 * How long after its sending began a file that VirusTotal does not show may still be there: a first
 * analysis takes minutes, and until it is done the answer is 404. Milliseconds.
 */
export const SHOWN_WITHIN_MS = 10 * 60 * 1000;

/**
 * Submits one object.
 *
 * @param services - where it is read and where it is sent
 * @param submission - what and how
 * @param limits - the invocation's limits
 * @throws ObjectTooLargeError, EmptyObjectError, LargeObjectError before a byte is sent; and whatever S3
 * and VirusTotal end with
 */
export async function submitObject(
  services: SubmitServices,
  submission: SubmitRequest,
  limits: Limits,
): Promise<SubmitFileOutput> {
  return (await submit(services, submission, limits)).output;
}

/**
 * Submits one object, and says what became of it.
 *
 * @throws InDoubtError; and as `submitObject`
 */
export async function submit(
  services: SubmitServices,
  submission: SubmitRequest,
  limits: Limits,
): Promise<Submitted> {
  const { address, etag, upload, sendingSince = null, maxBytes = MAX_FILE_BYTES } = submission;
  const object = await openObject(services.s3, address, limits, etag);
  try {
    checkSize(object.size, address);
    if (object.size > maxBytes) throw new LargeObjectError(object.address);
    if (upload === 'always' && sendingSince === null) {
      return await send(services, submission, object, limits);
    }
    const digests = await digestsOf(object);
    return await askFirst(services, submission, object, digests, limits);
  } finally {
    object.close();
  }
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

async function askFirst(
  services: SubmitServices,
  submission: SubmitRequest,
  object: OpenObject,
  digests: Digests,
  limits: Limits,
): Promise<Submitted> {
  const { upload, maxReportAgeDays, sendingSince = null } = submission;
  const nowMs = (services.now ?? Date.now)();
  const lookup = await services.virusTotal.file(digests.sha256, limits);
  if (lookup.status === 'not-available-yet') return known(submitFileRunning(digests));
  if (lookup.status === 'unknown') {
    if (upload === 'never') return { outcome: 'unknown', output: submitFileUnknown(digests) };
    if (sendingSince !== null && nowMs - sendingSince < SHOWN_WITHIN_MS) throw new InDoubtError();
    return send(services, submission, await object.reopen(), limits);
  }
  const analysed = lookup.object.lastAnalysisDate;
  const isOld = analysed !== null && nowMs / 1000 - analysed > maxReportAgeDays * DAY_SECONDS;
  if (upload === 'never' || !isOld) return known(submitFileKnown(digests, lookup.object));
  const { id } = await services.virusTotal.reanalyseFile(digests.sha256, limits);
  return queued(submitFileQueued(digests, id));
}

async function send(
  { virusTotal }: SubmitServices,
  { sending }: SubmitRequest,
  first: OpenObject,
  limits: Limits,
): Promise<Submitted> {
  let digests = createDigestTap();
  let opened: OpenObject | undefined;
  const open = async () => {
    // A second opening follows a refusal (401, 429): the body starts anew, and so do the digests.
    const object = opened ? await first.reopen() : first;
    opened?.close();
    opened = object;
    digests = createDigestTap();
    return followed(digests.through(object.body), sending);
  };
  try {
    await sending?.begin();
    const answer = await virusTotal.submitFile({ name: 'sample', size: first.size, open }, limits);
    if (answer !== 'already-exists') return queued(submitFileQueued(digests.finish(), answer.id));
    return await existing(virusTotal, await first.reopen(), limits);
  } finally {
    first.close();
    opened?.close();
  }
}

async function* followed(body: AsyncIterable<Uint8Array>, sending: UploadProgress | undefined) {
  if (sending) sending.isHandedOver = false;
  yield* body;
  if (sending) sending.isHandedOver = true;
}

/** VirusTotal refused the upload because it has the file: its digest leads to the report. */
async function existing(
  virusTotal: VirusTotalClient,
  object: OpenObject,
  limits: Limits,
): Promise<Submitted> {
  const digests = await digestsOf(object);
  const lookup = await virusTotal.file(digests.sha256, limits);
  if (lookup.status === 'found') return known(submitFileKnown(digests, lookup.object));
  if (lookup.status === 'not-available-yet') return known(submitFileRunning(digests));
  throw new UpstreamUnavailableError(
    `VirusTotal says that it has the file ${digests.sha256} already, and that it does not know it; try again`,
  );
}

const known = (output: SubmitFileOutput): Submitted => ({ outcome: 'known', output });
const queued = (output: SubmitFileOutput): Submitted => ({ outcome: 'submitted', output });

async function digestsOf(object: OpenObject): Promise<Digests> {
  const digests = createDigestTap();
  for await (const _ of digests.through(object.body));
  return digests.finish();
}
