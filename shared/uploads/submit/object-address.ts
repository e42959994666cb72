/** Where an S3 object is, and how messages name it. */

/** Address of one object. */
export interface ObjectAddress {
  readonly bucket: string;
  /** Key, raw. */
  readonly key: string;
  /** Version; the current one when absent. */
  readonly versionId?: string | undefined;
}

/** How messages name an object: its key is escaped, since keys may hold any character. */
export function describeObject({ bucket, key, versionId }: ObjectAddress): string {
  const escaped = JSON.stringify(key).slice(1, -1);
  const version = versionId === undefined ? '' : ` (version ${versionId})`;
  return `s3://${bucket}/${escaped}${version}`;
}
