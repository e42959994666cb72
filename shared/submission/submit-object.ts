/** Brings one S3 object to VirusTotal: sends it, or asks by its digest first, or only asks. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Call } from '../call.ts';
import { InvalidInputError, ObjectTooLargeError, UpstreamUnavailableError } from '../errors.ts';
import {
  submitFileKnown,
  submitFileQueued,
  submitFileRunning,
  submitFileUnknown,
} from '../report/submit-file.ts';
import type { SubmitFileOutput, UploadMode } from '../schemas/file.ts';
import type { VirusTotalClient } from '../virustotal/client.ts';
import { MAX_FILE_BYTES } from '../virustotal/submissions.ts';
import { type Digests, tapDigests } from './digests.ts';
import { describe, type ObjectAddress } from './object-address.ts';
import { type OpenObject, openObject } from './s3-object.ts';

/** How one object is submitted. */
export interface Submission {
  readonly address: ObjectAddress;
  readonly upload: UploadMode;
  /** With `if-unknown`: age from which a report is analysed anew, days. */
  readonly maxReportAgeDays: number;
}

/** What a submission works with. */
export interface SubmissionServices {
  readonly s3: S3Client;
  readonly virusTotal: VirusTotalClient;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

const DAY_SECONDS = 86_400;

/**
 * Submits one object.
 *
 * @param services - where it is read and where it is sent
 * @param submission - what and how
 * @param call - the invocation's limits
 * @throws ObjectTooLargeError before a byte is sent; and whatever S3 and VirusTotal end with
 */
export async function submitObject(
  services: SubmissionServices,
  submission: Submission,
  call: Call,
): Promise<SubmitFileOutput> {
  const object = await openObject(services.s3, submission.address, call);
  try {
    checkSize(object.size, submission.address);
    if (submission.upload === 'always') return await send(services, object, call);
    const digests = await digestsOf(object);
    return await askFirst(services, submission, object, digests, call);
  } finally {
    object.close();
  }
}

function checkSize(size: number, address: ObjectAddress): void {
  if (size > MAX_FILE_BYTES) {
    throw new ObjectTooLargeError(
      `${describe(address)}: got ${size} bytes; allowed: at most ${MAX_FILE_BYTES} bytes (650 MiB)`,
    );
  }
  if (size === 0) {
    throw new InvalidInputError(
      `key: ${describe(address)} is empty; allowed: an object of 1 to ${MAX_FILE_BYTES} bytes`,
    );
  }
}

async function askFirst(
  services: SubmissionServices,
  { upload, maxReportAgeDays }: Submission,
  object: OpenObject,
  digests: Digests,
  call: Call,
): Promise<SubmitFileOutput> {
  const lookup = await services.virusTotal.file(digests.sha256, call);
  if (lookup.status === 'not-available-yet') return submitFileRunning(digests);
  if (lookup.status === 'unknown') {
    return upload === 'never'
      ? submitFileUnknown(digests)
      : send(services, await object.reopen(), call);
  }
  const analysed = lookup.object.lastAnalysisDate;
  const now = (services.now ?? Date.now)() / 1000;
  const isOld = analysed !== null && now - analysed > maxReportAgeDays * DAY_SECONDS;
  if (upload === 'never' || !isOld) return submitFileKnown(digests, lookup.object);
  const { id } = await services.virusTotal.reanalyseFile(digests.sha256, call);
  return submitFileQueued(digests, id);
}

async function send(
  { virusTotal }: SubmissionServices,
  first: OpenObject,
  call: Call,
): Promise<SubmitFileOutput> {
  let digests = tapDigests();
  let opened: OpenObject | undefined;
  const open = async () => {
    // A second opening follows a refusal (401, 429): the body starts anew, and so do the digests.
    const object = opened ? await first.reopen() : first;
    opened?.close();
    opened = object;
    digests = tapDigests();
    return digests.through(object.body);
  };
  try {
    const answer = await virusTotal.submitFile({ name: 'sample', size: first.size, open }, call);
    if (answer !== 'already-exists') return submitFileQueued(digests.finish(), answer.id);
    return await known(virusTotal, await first.reopen(), call);
  } finally {
    first.close();
    opened?.close();
  }
}

/** VirusTotal refused the upload because it has the file: its digest leads to the report. */
async function known(
  virusTotal: VirusTotalClient,
  object: OpenObject,
  call: Call,
): Promise<SubmitFileOutput> {
  const digests = await digestsOf(object);
  const lookup = await virusTotal.file(digests.sha256, call);
  if (lookup.status === 'found') return submitFileKnown(digests, lookup.object);
  if (lookup.status === 'not-available-yet') return submitFileRunning(digests);
  throw new UpstreamUnavailableError(
    `VirusTotal says that it has the file ${digests.sha256} already, and that it does not know it; try again`,
  );
}

async function digestsOf(object: OpenObject): Promise<Digests> {
  const digests = tapDigests();
  for await (const _ of digests.through(object.body));
  return digests.finish();
}
