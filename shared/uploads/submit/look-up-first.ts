/**
 * Submits a file only if VirusTotal does not know it, and reads it at most once where S3 tells a digest of it.
 *
 * - With a SHA-256 that S3 has stored, a known file is not read at all.
 * - With an MD5, VirusTotal is asked by that. If it knows no such file, it does not know this one, which is read once,
 *   to be sent. If it knows one, the file is read once, and the report counts only if it is that of the file's SHA-256:
 *   two files with one MD5 can be made.
 * - Without either, the file is read for its digests first.
 */
import { cacheUse, type Limits } from '../../limits.ts';
import {
  submitFileKnown,
  submitFileRunning,
  submitFileUnknown,
} from '../../operations/submit-file/map.ts';
import type { FileObject, Lookup } from '../../virustotal/answers/index.ts';
import type { Digests } from './digests.ts';
import { refreshReport, reportAgeDays } from './known-file.ts';
import type { ObjectSource } from './object-source.ts';
import { readContent, type Submitted, sendObject } from './send-object.ts';
import type { SubmitRequest, SubmitServices } from './submit-request.ts';

/** An earlier attempt may have sent the file, but VirusTotal does not show it (yet). */
export class InDoubtError extends Error {
  override readonly name = 'InDoubtError';
}

/**
 * How long after its upload began a file may still be unknown although it arrived: a first analysis takes
 * minutes, and until it ends VirusTotal answers 404. Milliseconds.
 */
export const SHOWN_WITHIN_MS = 10 * 60 * 1000;

/** A file to submit, and how. */
interface Work {
  readonly services: SubmitServices;
  readonly request: SubmitRequest;
  readonly source: ObjectSource;
  readonly limits: Limits;
}

/**
 * Looks a file up, and sends it if VirusTotal does not know it.
 *
 * @throws InDoubtError, and the errors of S3 and VirusTotal
 */
export async function lookUpFirst(
  services: SubmitServices,
  request: SubmitRequest,
  source: ObjectSource,
  limits: Limits,
): Promise<Submitted> {
  const work = { services, request, source, limits };
  const digests = request.progress?.content?.digests;
  if (digests) return lookUp(work, digests.sha256, digests);
  const { sha256, md5 } = await source.describe();
  const stored = sha256 ?? md5;
  return stored === null ? lookUpContent(work) : lookUp(work, stored);
}

async function lookUpContent(work: Work): Promise<Submitted> {
  const { digests } = await readContent(work.source, work.request.progress);
  return lookUp(work, digests.sha256, digests);
}

/** @param read - the digests of the content, if it was read */
async function lookUp(work: Work, digest: string, read?: Digests): Promise<Submitted> {
  const { services, request, source, limits } = work;
  const { upload, progress, sendingSince = null } = request;
  const { virusTotal, now = Date.now } = services;
  const nowMs = now();
  // Whether an earlier attempt's file has arrived is no older answer's to say.
  const cache = cacheUse(sendingSince === null ? 'use' : 'bypass');
  const lookup = await virusTotal.file(digest, { ...limits, cache });
  if (lookup.status === 'unknown' && upload !== 'never') {
    await forgetOlder(work, read ? Object.values(read) : [digest]);
    if (sendingSince !== null && nowMs - sendingSince < SHOWN_WITHIN_MS) throw new InDoubtError();
    return sendObject(virusTotal, source, progress, limits, sendingSince === null);
  }
  const reported = read ?? reportedDigests(lookup, digest);
  const { digests } = reported ? { digests: reported } : await readContent(source, progress);
  if (!isAbout(lookup, digest, digests)) return lookUp(work, digests.sha256, digests);
  await forgetOlder(work, Object.values(digests));
  return conclude(work, lookup, digests, nowMs);
}

/** Forgets answers from before an earlier attempt that may have sent the file. */
async function forgetOlder(
  { services: { virusTotal }, request: { sendingSince = null }, limits }: Work,
  digests: readonly string[],
): Promise<void> {
  if (sendingSince === null) return;
  await virusTotal.forgetFile(digests, Math.floor(sendingSince / 1000), limits);
}

/** The digests in a report by SHA-256; null without a report, or if it lacks one. */
function reportedDigests(lookup: Lookup<FileObject>, digest: string): Digests | null {
  if (lookup.status !== 'found') return null;
  const { md5, sha1, sha256 } = lookup.object;
  return md5 !== null && sha1 !== null && sha256 === digest ? { md5, sha1, sha256 } : null;
}

/** Whether an answer by a digest that S3 has told is about a content with these digests. */
function isAbout(lookup: Lookup<FileObject>, asked: string, { md5, sha256 }: Digests): boolean {
  if (asked === sha256) return true;
  return lookup.status === 'found'
    ? lookup.object.sha256 === sha256
    : lookup.status === 'unknown' && asked === md5;
}

async function conclude(
  { services: { virusTotal }, request: { upload, maxReportAgeDays }, limits }: Work,
  lookup: Lookup<FileObject>,
  digests: Digests,
  nowMs: number,
): Promise<Submitted> {
  if (lookup.status === 'not-available-yet') {
    return { kind: 'known', output: submitFileRunning(digests) };
  }
  if (lookup.status !== 'found') return { kind: 'unknown', output: submitFileUnknown(digests) };
  const { object: file } = lookup;
  if (upload === 'never' || reportAgeDays(file, nowMs) <= maxReportAgeDays) {
    return { kind: 'known', output: submitFileKnown(digests, file) };
  }
  return refreshReport(virusTotal, digests, file, limits);
}
