/** One S3 request on its way through an operation, and what operations share. */
import type { AwsExchange } from '../service.ts';
import type { S3Address } from './address.ts';
import type { Engine } from './engine.ts';
import { noSuchKey, noSuchVersion, refuse } from './refusals.ts';
import {
  type Bucket,
  bucketOf,
  isObject,
  newest,
  type ObjectVersion,
  type S3State,
  type Version,
} from './state.ts';

/** An object that was written. */
export interface ObjectCreated {
  readonly bucket: string;
  /** Raw, not encoded. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes, as events have it. */
  readonly etag: string;
  /** undefined for a bucket whose versioning was never enabled. */
  readonly versionId: string | undefined;
  /** Hexadecimal; of two events on one key, the later one's is greater as text. */
  readonly sequencer: string;
  /** The API call, as in EventBridge's `detail.reason`. */
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
  readonly requestId: string;
  readonly sourceIp: string;
  readonly time: Date;
}

/** What all requests share. */
export interface S3World {
  readonly state: S3State;
  readonly engine: Engine;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called when the object is there, before the client has its answer. */
  readonly onObjectCreated: (event: ObjectCreated) => void;
}

/** One request. */
export interface S3Call extends AwsExchange, S3Address {
  readonly world: S3World;
}

/** Headers of an answer. */
export type Headers = Readonly<Record<string, string>>;

/** ARN of a bucket. */
export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

/** ARN of an object, its key as it is. */
export function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`;
}

/** The bucket that a request names. @throws AwsRefusal `NoSuchBucket` */
export function bucketOfCall({ world, bucket }: S3Call): Bucket {
  return bucketOf(world.state, bucket);
}

/** An id that S3 could have made. */
const VERSION_ID = /^(?:null|[\w.-]{32})$/;

/** The version id that a request names. @throws AwsRefusal `InvalidArgument` */
export function checkVersionId(id: string | null | undefined): string | undefined {
  if (id === null || id === undefined) return undefined;
  if (id === '') throw refuse('InvalidArgument', 'Version id cannot be the empty string');
  if (!VERSION_ID.test(id)) throw refuse('InvalidArgument', 'Invalid version id specified');
  return id;
}

/** The version that a key and perhaps a version id stand for; it may be a delete marker. */
export function findVersion(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): Version | undefined {
  if (versionId === undefined) return newest(bucket, key);
  return bucket.versions.get(key)?.find(({ id }) => id === versionId);
}

/**
 * The object that a request reads. A key that is not there is 404 only for who may list the bucket,
 * so that permission is noted too.
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
    call.response.setHeader('x-amz-delete-marker', 'true');
    call.response.setHeader('x-amz-version-id', version.id);
  }
  if (versionId === undefined) {
    call.note('s3:ListBucket', [bucketArn(bucket.name)]);
    throw noSuchKey();
  }
  if (!version) throw noSuchVersion();
  call.response.setHeader('allow', 'DELETE');
  const message = 'The specified method is not allowed against this resource.';
  throw refuse('MethodNotAllowed', message, 405);
}

/** Header that names a version; none where versioning was never enabled. */
export function versionHeader({ versioning }: Bucket, { id }: Version): Headers {
  return versioning === undefined ? {} : { 'x-amz-version-id': id };
}

/** Answers without a body. */
export function answerEmpty({ response }: S3Call, status: number, headers: Headers = {}): void {
  const length = status === 204 || status === 304 ? {} : { 'content-length': 0 };
  response.writeHead(status, { ...headers, ...length }).end();
}

/** Sets headers of an answer that is yet to be written. */
export function setHeaders({ response }: S3Call, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
