/**
 * Finds the objects of a batch that have no verdict, with the event by which `ScanUpload` scans each.
 *
 * S3 lists neither versions nor tags. `GetObjectTagging` returns both for the current version, and needs no
 * permission to read the object, which deny until verdict would refuse.
 */
import { GetObjectTaggingCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { translateReadError } from '../../aws/s3/s3-errors.ts';
import {
  type ConnectorError,
  InvalidInputError,
  ObjectAccessDeniedError,
  ObjectNotFoundError,
  UpstreamError,
} from '../../errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { quote } from '../../schema/quote.ts';
import { isVersion, type UploadedObject } from '../events/uploaded-object.ts';
import { VERDICT_TAG } from '../record/tags.ts';
import { objectDigest } from '../state/object-ids.ts';
import { isScanned, type ScanFilter } from './scan-filter.ts';
import { type FindUnscannedInput, type ListedObject, NO_LIMIT } from './sweep-schema.ts';

/** What the function works with. */
export interface SweepServices {
  readonly s3: S3Client;
  readonly filter: ScanFilter;
}

/** A sweep whose input is complete and whose bucket can be listed. */
export interface SweepPlan {
  readonly bucket: string;
  readonly prefix: string;
  readonly limit: number;
  /** Whether there is nothing below the prefix. */
  readonly is_empty: boolean;
}

/** An object without a verdict. */
export interface UnscannedObject {
  /** As it was listed. */
  readonly listed: ListedObject;
  readonly version_id: string | null;
  /** Name of the execution that scans it: the same in every sweep, so that two at once start one. */
  readonly name: string;
  /** Input of `ScanUpload`. */
  readonly event: object;
}

/** An object that is not scanned, and why. */
export interface LeftObject {
  readonly key: string;
  readonly version_id: string | null;
  readonly outcome: 'has-verdict' | 'filtered' | 'gone' | 'failed';
  /** Value of its tag. */
  readonly verdict: string | null;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** A batch, looked through. */
export interface SweptBatch {
  readonly unscanned: readonly UnscannedObject[];
  readonly left: readonly LeftObject[];
}

/** Requests at the same time. */
const CONCURRENCY = 10;

/**
 * Checks the input of a sweep, or looks through one of its batches.
 *
 * @throws ObjectAccessDeniedError for a bucket whose uploads are not scanned, ObjectNotFoundError for one that
 * does not exist; for a batch UpstreamUnavailableError and UpstreamTimeoutError
 */
export async function findUnscanned(
  services: SweepServices,
  { objects, ...sweep }: FindUnscannedInput,
  limits: Limits,
): Promise<SweepPlan | SweptBatch> {
  if (objects === undefined) return planSweep(services, sweep, limits);
  const found: (UnscannedObject | LeftObject)[] = [];
  for (let start = 0; start < objects.length; start += CONCURRENCY) {
    const some = objects.slice(start, start + CONCURRENCY);
    found.push(
      ...(await Promise.all(some.map((object) => examine(services, sweep.bucket, object, limits)))),
    );
  }
  return {
    unscanned: found.filter((one) => 'event' in one),
    left: found.filter((one) => 'outcome' in one),
  };
}

async function planSweep(
  { s3 }: SweepServices,
  { bucket, prefix = '', limit = NO_LIMIT }: Omit<FindUnscannedInput, 'objects'>,
  limits: Limits,
): Promise<SweepPlan> {
  const abortSignal = signalFor(limits);
  const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
  try {
    const { KeyCount: count = 0 } = await s3.send(list, { abortSignal });
    return { bucket, prefix, limit, is_empty: count === 0 };
  } catch (error) {
    const translated = translateReadError(error, { bucket, key: prefix }, abortSignal);
    if (!(translated instanceof ObjectAccessDeniedError)) throw translated;
    throw new ObjectAccessDeniedError(
      `bucket: the connector may not list ${quote(bucket)}; allowed: a bucket whose uploads are scanned`,
      { cause: error },
    );
  }
}

async function examine(
  { s3, filter }: SweepServices,
  bucket: string,
  listed: ListedObject,
  limits: Limits,
): Promise<UnscannedObject | LeftObject> {
  const { Key: key, Size: size } = listed;
  const left = (outcome: LeftObject['outcome'], rest: Partial<LeftObject> = {}): LeftObject => ({
    key,
    version_id: null,
    outcome,
    verdict: null,
    error: null,
    ...rest,
  });
  if (!isScanned(filter, key, size)) return left('filtered');
  const abortSignal = signalFor(limits);
  try {
    const request = new GetObjectTaggingCommand({ Bucket: bucket, Key: key });
    const { TagSet = [], VersionId = null } = await s3.send(request, { abortSignal });
    const verdict = TagSet.find((tag) => tag.Key === VERDICT_TAG)?.Value;
    if (verdict !== undefined) return left('has-verdict', { version_id: VersionId, verdict });
    return unscanned(bucket, listed, VersionId);
  } catch (error) {
    const translated = translateReadError(error, { bucket, key }, abortSignal);
    if (translated instanceof ObjectNotFoundError) return left('gone');
    if (!isOfObject(translated)) throw translated;
    const { name, message } = translated;
    return left('failed', { error: { name, message } });
  }
}

/** Whether an error is about the object, so that a retry of the batch would not help. */
function isOfObject(error: ConnectorError): boolean {
  return [ObjectAccessDeniedError, InvalidInputError, UpstreamError].some(
    (type) => error instanceof type,
  );
}

/**
 * The event names what was listed. A version tells size and ETag itself, and the listed ones may be those of
 * another version; an object without a version is only scanned while it has the listed ETag.
 */
function unscanned(
  bucket: string,
  listed: ListedObject,
  versionId: string | null,
): UnscannedObject {
  const { Key: key, Size: size, Etag: quoted } = listed;
  const etag = quoted.replaceAll('"', '');
  const version = isVersion(versionId) ? versionId : null;
  const object: UploadedObject = { bucket, key, versionId: version, etag, size, sequencer: null };
  const identity = version === null ? { size, etag } : { 'version-id': version };
  return {
    listed,
    version_id: version,
    name: `existing-${objectDigest(object)}`,
    event: {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: bucket }, object: { key, ...identity }, reason: 'ScanExisting' },
    },
  };
}
