/** Sends one S3 object to VirusTotal. */
import type { OpenObject } from '../../aws/s3/s3-object.ts';
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
  /** What is known of the file before it is sent; null if it was not read, or may be another. Set by the sender. */
  content: KnownContent | null;
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
  let digests = createDigestTap();
  let isWhole = false;
  const open = async () => {
    // A refusal (401, 429) is retried with a second read from the start, which needs new digests.
    const object = await source.read();
    digests = createDigestTap();
    isWhole = false;
    return followed(digests.through(object.body), progress, () => {
      isWhole = true;
    });
  };
  const prepare = async () => {
    await source.open();
    await progress?.begin();
  };
  const file = { name: 'sample', size: await source.size(), isNew, prepare, open };
  const forget = (sent: Digests, epoch: number | null) =>
    virusTotal.forgetFile(Object.values(sent), epoch, limits);
  const answer = await virusTotal.submitFile(file, limits).catch(async (error: unknown) => {
    // It may have arrived.
    if (isWhole) await forget(digests.finish(), null);
    throw error;
  });
  if (answer === 'already-exists') return lookUpExisting(virusTotal, source, limits);
  const sent = digests.finish();
  await forget(sent, analysisEpoch(answer.id));
  return { kind: 'submitted', output: submitFileQueued(sent, answer.id) };
}

async function* followed(
  body: AsyncIterable<Uint8Array>,
  progress: UploadProgress | undefined,
  onWhole: () => void,
) {
  if (progress) progress.isHandedOver = false;
  yield* body;
  if (progress) progress.isHandedOver = true;
  onWhole();
}

/** VirusTotal refused the upload because it has the file: its digest leads to the report. */
async function lookUpExisting(
  virusTotal: VirusTotalClient,
  source: ObjectSource,
  limits: Limits,
): Promise<Submitted> {
  const digests = await digestsOf(await source.read());
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

/** Reads an object to its end and returns its digests. */
export async function digestsOf(object: OpenObject): Promise<Digests> {
  const digests = createDigestTap();
  for await (const _ of digests.through(object.body));
  return digests.finish();
}
