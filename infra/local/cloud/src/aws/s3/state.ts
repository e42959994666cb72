/** Which versions of which keys a bucket has. Their bytes are in the byte store. */
import { randomBytes } from 'node:crypto';
import type { StoredBytes } from './byte-store.ts';
import type { Tag } from './tags.ts';

/** Response headers. */
export type Headers = Readonly<Record<string, string>>;

/** A part of an object; an object that was written in one request has one. */
export interface Part extends StoredBytes {
  /** From 1 on, in the order of the object but not always consecutive. */
  readonly number: number;
  /** That came with the part, by header. */
  readonly checksums?: Headers;
}

/** What a version consists of. */
export interface Content {
  /** Path in the byte store. */
  readonly file: string;
  readonly parts: readonly Part[];
  /** Bytes. */
  readonly size: number;
  /** Quoted. */
  readonly etag: string;
  /** Content type, metadata and the like. */
  readonly headers: Headers;
  /** Of the whole object, by header. */
  readonly checksums: Headers;
}

/** A version of an object, or a delete marker, which has no content. */
export interface Version {
  readonly key: string;
  /** `null` (the text) for what was written while versioning was not enabled. */
  readonly id: string;
  readonly modified: Date;
  readonly content: Content | undefined;
  tags: readonly Tag[];
}

/** A version that is not a delete marker. */
export type ObjectVersion = Version & { readonly content: Content };

/** A bucket. */
export interface Bucket {
  readonly name: string;
  readonly created: Date;
  /** undefined: never enabled. */
  versioning: 'Enabled' | 'Suspended' | undefined;
  /** By key, newest first, never empty. */
  readonly versions: Map<string, Version[]>;
}

/** A multipart upload in progress. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly tags: readonly Tag[];
  readonly headers: Headers;
  /** Header of the checksum that is composed of those of the parts; undefined without one. */
  readonly composes: string | undefined;
  /** Holds the parts in the order in which they came. */
  readonly file: string;
  /** Bytes of the file that are taken. */
  length: number;
  /** By number. */
  readonly parts: Map<number, Part>;
}

/** Id for the next version. */
export function newVersionId({ versioning }: Bucket): string {
  return versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
}

/** The newest version or delete marker of a key, or the one with the given id. */
export function findVersion({ versions }: Bucket, key: string, id?: string): Version | undefined {
  const all = versions.get(key);
  return id === undefined ? all?.[0] : all?.find((version) => version.id === id);
}

/** Whether a version exists and is not a delete marker. */
export function isObject<V extends Version>(
  version: V | undefined,
): version is V & { readonly content: Content } {
  return version?.content !== undefined;
}

/**
 * Adds a version as the newest.
 *
 * @returns the version that it replaces: a key has only one with the id `null`
 */
export function addVersion(bucket: Bucket, version: Version): Version | undefined {
  const replaced = version.id === 'null' ? removeVersion(bucket, version.key, 'null') : undefined;
  bucket.versions.set(version.key, [version, ...(bucket.versions.get(version.key) ?? [])]);
  return replaced;
}

/** Removes a version and returns it, if it exists. */
export function removeVersion({ versions }: Bucket, key: string, id: string): Version | undefined {
  const all = versions.get(key) ?? [];
  const rest = all.filter((version) => version.id !== id);
  if (rest.length > 0) versions.set(key, rest);
  else versions.delete(key);
  return all.find((version) => version.id === id);
}
