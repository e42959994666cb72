/** Removes objects with all their versions, and the reports on them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { objectDigest } from '../../shared/uploads/state/object-ids.ts';
import { NotChecked } from './outcomes.ts';

/** Where objects of a run are; everything below the prefix is removed. */
export interface Place {
  readonly bucket: string;
  readonly prefix: string;
  /** Where the connector keeps reports on these objects, which are removed too. @default none are looked for */
  readonly reportBucket?: string | undefined;
}

/** Pauses before removals while something may still be written, milliseconds: a function ends its work within seconds. */
export const LATE_PASSES_MS = [0, 2_000, 5_000];

/**
 * Removes what is at some places, and the reports on it.
 *
 * @param passes - pauses before each removal, milliseconds
 * @returns what the last pass could not remove, as sentences
 */
export async function removePlaces(
  s3: S3Client,
  places: readonly Place[],
  passes: readonly number[],
): Promise<string[]> {
  // Kept for later passes: an object that is removed no longer says where its report is.
  const found = places.map((place) => ({ place, reports: new Set<string>() }));
  let problems: string[] = [];
  for (const pause of passes) {
    await sleep(pause);
    problems = [];
    for (const { place, reports } of found) {
      try {
        await removePlace(s3, place, reports);
      } catch (error) {
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        problems.push(`s3://${place.bucket}/${place.prefix} could not be removed: ${reason}`);
      }
    }
  }
  return problems;
}

/** A version or a delete marker. */
interface FoundVersion {
  readonly Key: string;
  readonly VersionId: string;
  readonly modifiedAt: number;
}

/** Removes every version below a prefix, and the reports on them. @param reports - prefixes; grows */
async function removePlace(s3: S3Client, place: Place, reports: Set<string>): Promise<void> {
  const { bucket, prefix, reportBucket } = place;
  const versions = await versionsBelow(s3, bucket, prefix);
  for (const { Key: key, VersionId: versionId } of versions) {
    const object = { bucket, key, versionId, etag: null, size: null, sequencer: null };
    reports.add(`uploads/${objectDigest(object)}/`);
  }
  await removeVersions(s3, bucket, versions);
  if (reportBucket === undefined) return;
  for (const report of reports) {
    await removeVersions(s3, reportBucket, await versionsBelow(s3, reportBucket, report));
  }
}

/** What killed runs have left is older, milliseconds; what is younger may belong to a run that goes on. */
const LEFTOVER_MS = 6 * 60 * 60_000;

/**
 * Removes objects that killed runs have left.
 *
 * @param before - what precedes `verify/` in the keys
 * @returns how many versions
 */
export async function removeLeftovers(
  s3: S3Client,
  { bucket, prefix }: Place,
  now: number,
): Promise<number> {
  const isOurs = /^verify\/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\//;
  const found = await versionsBelow(s3, bucket, `${prefix}verify/`);
  const left = found.filter(
    ({ Key, modifiedAt }) =>
      isOurs.test(Key.slice(prefix.length)) && now - modifiedAt > LEFTOVER_MS,
  );
  await removeVersions(s3, bucket, left);
  return left.length;
}

async function versionsBelow(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<FoundVersion[]> {
  const found: FoundVersion[] = [];
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...markers }),
    );
    for (const each of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      const { Key, VersionId = 'null', LastModified } = each;
      if (Key !== undefined) found.push({ Key, VersionId, modifiedAt: Number(LastModified ?? 0) });
    }
    if (!page.IsTruncated) return found;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

/** The most that one call takes. */
const AT_ONCE = 1000;

async function removeVersions(
  s3: S3Client,
  bucket: string,
  versions: readonly FoundVersion[],
): Promise<void> {
  for (let at = 0; at < versions.length; at += AT_ONCE) {
    const Objects = versions
      .slice(at, at + AT_ONCE)
      .map(({ Key, VersionId }) => ({ Key, VersionId }));
    const { Errors: [failed] = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (failed) throw new NotChecked(`${failed.Key}: ${failed.Code}: ${failed.Message}`);
  }
}
