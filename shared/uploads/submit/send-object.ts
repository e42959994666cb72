/** Sends one S3 object to VirusTotal. */
import type { StoredObject } from '../../aws/s3/stored-object.ts';
import { UpstreamUnavailableError } from '../../errors.ts';
import { analysisEpoch } from '../../indicators/scan-id.ts';
import { cacheUse, type Limits } from '../../limits.ts';
import {
  submitFileKnown,
  submitFileQueued,
  submitFileRunning,
} from '../../operations/submit-file/map.ts';
import type { SubmitFileOutput } from '../../operations/submit-file/output.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { createDigestTap, type Digests } from './digests.ts';
import type { KnownContent } from './known-content.ts';
import type { ObjectSource } from './object-source.ts';

/** Result of one submission. */
export interface Submitted {
  /** An analysis was queued; or VirusTotal knows the file, or does not, and nothing was sent. */
  readonly kind: 'submitted' | 'known' | 'unknown';
  readonly output: SubmitFileOutput;
  /** Why a known file has an old report; absent otherwise. */
  readonly reason?: string;
}

/** Follows the submission of one file. */
export interface UploadProgress {
  /** What is known of the file before it is sent; null if it was not read, or may be another. */
  readonly content: KnownContent | null;
  /** Takes note of what was read to its end. */
  keep(content: KnownContent, object: StoredObject): void;
  /** Called before a byte is sent; an error keeps the file from being sent. */
  begin(): Promise<void>;
  /** Whether the connection has taken the whole file, so that it may have arrived. Set by the sender. */
  isHandedOver: boolean;
}

/**
 * Sends an object.
 *
 * @param isNew - whether VirusTotal has just said that it does not know the file, and no earlier attempt has sent it
 * @throws the errors of S3 and VirusTotal
 */
export async function sendObject(
  virusTotal: VirusTotalClient,
  source: ObjectSource,
  progress: UploadProgress | undefined,
  limits: Limits,
  isNew = false,
): Promise<Submitted> {
  const sent: Sent = {};
  const prepare = async () => {
    await source.open();
    await progress?.begin();
  };
  const file = {
    name: 'sample',
    size: await source.size(),
    isNew,
    prepare,
    open: async () => contentOf(source, progress, sent),
  };
  const forget = (digests: Digests, epoch: number | null) =>
    virusTotal.forgetFile(Object.values(digests), epoch, limits);
  const answer = await virusTotal.submitFile(file, limits).catch(async (error: unknown) => {
    // It may have arrived.
    if (sent.content) await forget(sent.content.digests, null);
    throw error;
  });
  // VirusTotal may refuse a file that it has before it has taken all of it.
  const { digests } = sent.content ?? (await readContent(source, progress));
  if (answer === 'already-exists') return lookUpExisting(virusTotal, digests, limits);
  await forget(digests, analysisEpoch(answer.id));
  return { kind: 'submitted', output: submitFileQueued(digests, answer.id) };
}

/** What was read to its end to be sent. */
interface Sent {
  content?: KnownContent;
}

/** Reads an object to be sent; a refusal (401, 429) is retried with another read from the start. */
async function* contentOf(source: ObjectSource, progress: UploadProgress | undefined, sent: Sent) {
  delete sent.content;
  if (progress) progress.isHandedOver = false;
  const object = await source.read();
  const digests = createDigestTap();
  yield* digests.through(object.body);
  sent.content = { size: object.size, digests: digests.finish() };
  progress?.keep(sent.content, object);
  if (progress) progress.isHandedOver = true;
}

/** VirusTotal refused the upload because it has the file: its digest leads to the report. */
async function lookUpExisting(
  virusTotal: VirusTotalClient,
  digests: Digests,
  limits: Limits,
): Promise<Submitted> {
  const cache = cacheUse('bypass');
  const lookup = await virusTotal.file(digests.sha256, { ...limits, cache });
  if (lookup.status === 'found') {
    return { kind: 'known', output: submitFileKnown(digests, lookup.object) };
  }
  if (lookup.status === 'not-available-yet') {
    return { kind: 'known', output: submitFileRunning(digests) };
  }
  throw new UpstreamUnavailableError(
    `VirusTotal refused the file ${digests.sha256} as already known, but does not know it; try again`,
  );
}

/** Reads an object to its end. */
export async function readContent(
  source: ObjectSource,
  progress: UploadProgress | undefined,
): Promise<KnownContent> {
  const object = await source.read();
  const tap = createDigestTap();
  for await (const _ of tap.through(object.body));
  const content = { size: object.size, digests: tap.finish() };
  progress?.keep(content, object);
  return content;
}
