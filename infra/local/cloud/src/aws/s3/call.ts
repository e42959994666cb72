/** An S3 request, and what the operations share. */
import type { AwsExchange } from '../http/service.ts';
import type { S3Address } from './address.ts';
import type { ByteStore } from './byte-store.ts';
import { noSuchKey, refuse } from './refusals.ts';
import {
  type Bucket,
  findVersion,
  type Headers,
  isObject,
  type ObjectVersion,
  type Upload,
  type Version,
} from './state.ts';

/** An object that was written. */
export interface ObjectCreated {
  readonly bucket: string;
  /** Raw, not encoded. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes, as in events. */
  readonly etag: string;
  /** undefined for a bucket whose versioning was never enabled. */
  readonly versionId: string | undefined;
  /** Hexadecimal; of two events for one key, the later one's is greater as text. */
  readonly sequencer: string;
  /** The API call, as in EventBridge's `detail.reason`. */
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
  readonly requestId: string;
  readonly sourceIp: string;
  readonly time: Date;
  /** Of the request; undefined without one. */
  readonly traceHeader?: string | undefined;
}

/** What all requests share. */
export interface S3World {
  /** The keys are the buckets' names. */
  readonly buckets: Map<string, Bucket>;
  /** The keys are upload ids. */
  readonly uploads: Map<string, Upload>;
  readonly bytes: ByteStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called when the object can be read, before the client gets its response. */
  readonly onObjectCreated: (event: ObjectCreated) => void;
}

/** One request. */
export interface S3Call extends AwsExchange, S3Address {
  readonly world: S3World;
}

/** ARN of a bucket. */
export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

/** ARN of an object; its key is not encoded. */
export function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`;
}

/** The bucket in the request's URL, or another one. @throws AwsRefusal `NoSuchBucket` */
export function bucketOf({ bucket, world }: S3Call, name = bucket): Bucket {
  const found = world.buckets.get(name);
  if (!found) throw refuse('NoSuchBucket', 'The specified bucket does not exist', 404);
  return found;
}

/** What S3's version ids look like. */
const VERSION_ID = /^(?:null|[\w.-]{32})$/;

/** Checks a request's version id. @throws AwsRefusal `InvalidArgument` */
export function checkVersionId(id: string | null | undefined): string | undefined {
  if (id === null || id === undefined) return undefined;
  if (id === '') throw refuse('InvalidArgument', 'Version id cannot be the empty string');
  if (!VERSION_ID.test(id)) throw refuse('InvalidArgument', 'Invalid version id specified');
  return id;
}

/**
 * The object that a request reads. S3 answers 404 only to callers who may list the bucket, so that
 * permission is noted too.
 *
 * @throws AwsRefusal `NoSuchKey`, `NoSuchVersion`, or `MethodNotAllowed` for a delete marker
 */
export function readableVersion(
  call: S3Call,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): ObjectVersion {
  const version = findVersion(bucket, key, versionId);
  if (isObject(version)) return version;
  if (version) {
    setHeaders(call, { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.id });
  }
  if (versionId === undefined) {
    call.note('s3:ListBucket', [bucketArn(bucket.name)]);
    throw noSuchKey();
  }
  if (!version) throw refuse('NoSuchVersion', 'The specified version does not exist.', 404);
  setHeaders(call, { allow: 'DELETE' });
  const message = 'The specified method is not allowed against this resource.';
  throw refuse('MethodNotAllowed', message, 405);
}

/** Header with the version id; empty where versioning was never enabled. */
export function versionHeader({ versioning }: Bucket, { id }: Version): Headers {
  return versioning === undefined ? {} : { 'x-amz-version-id': id };
}

/** Responds without a body. */
export function answerEmpty({ response }: S3Call, status: number, headers: Headers = {}): void {
  const length = status === 204 || status === 304 ? {} : { 'content-length': 0 };
  response.writeHead(status, { ...length, ...headers }).end();
}

/** Sets headers of a response that is yet to be written. */
export function setHeaders({ response }: S3Call, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
