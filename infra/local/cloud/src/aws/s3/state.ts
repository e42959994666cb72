/**
 * All state of the local S3 but the bytes: which versions of which keys are in which bucket. The
 * bytes are in the engine, one object (a blob) for each version.
 */
import { randomBytes } from 'node:crypto';
import { noSuchBucket } from './refusals.ts';
import type { Tag } from './tags.ts';

/** A version of an object, or a delete marker, which has no blob. */
export interface Version {
  readonly key: string;
  /** `null` (the text) for what was written while versioning was not enabled. */
  readonly id: string;
  readonly modified: Date;
  /** Name of the engine's object; undefined for a delete marker. */
  readonly blob: string | undefined;
  /** With quotes; empty for a delete marker. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  tags: readonly Tag[];
}

/** A version that is no delete marker. */
export type ObjectVersion = Version & { readonly blob: string };

/** A bucket. */
export interface Bucket {
  readonly name: string;
  readonly created: Date;
  /** undefined: never enabled. */
  versioning: 'Enabled' | 'Suspended' | undefined;
  /** Newest first, never empty. */
  readonly versions: Map<string, Version[]>;
}

/** A multipart upload that is under way. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly blob: string;
  readonly contentType: string;
  readonly tags: readonly Tag[];
}

/** Everything. */
export interface S3State {
  readonly buckets: Map<string, Bucket>;
  /** By upload id. */
  readonly uploads: Map<string, Upload>;
}

/** @throws AwsRefusal `NoSuchBucket` */
export function bucketOf({ buckets }: S3State, name: string): Bucket {
  const bucket = buckets.get(name);
  if (!bucket) throw noSuchBucket();
  return bucket;
}

/** Id of the next version to be written. */
export function newVersionId({ versioning }: Bucket): string {
  return versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
}

/** The version or delete marker that a key stands for. */
export function newest({ versions }: Bucket, key: string): Version | undefined {
  return versions.get(key)?.[0];
}

/** Whether there are bytes behind it. */
export function isObject(version: Version | undefined): version is ObjectVersion {
  return version?.blob !== undefined;
}

/**
 * Adds a version as the newest.
 *
 * @returns the version that it replaced: there is only one with the id `null`
 */
export function addVersion(bucket: Bucket, version: Version): Version | undefined {
  const replaced = version.id === 'null' ? removeVersion(bucket, version.key, 'null') : undefined;
  bucket.versions.set(version.key, [version, ...(bucket.versions.get(version.key) ?? [])]);
  return replaced;
}

/** Removes one version, and returns it when it was there. */
export function removeVersion({ versions }: Bucket, key: string, id: string): Version | undefined {
  const all = versions.get(key) ?? [];
  const rest = all.filter((version) => version.id !== id);
  if (rest.length > 0) versions.set(key, rest);
  else versions.delete(key);
  return all.find((version) => version.id === id);
}
