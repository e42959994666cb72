/** Addresses of S3 objects. */

/** Address of one object. */
export interface ObjectAddress {
  readonly bucket: string;
  /** Key, not encoded. */
  readonly key: string;
  /** Version. @default the current one */
  readonly versionId?: string | undefined;
}

/** Returns an object's name for messages; its key is escaped, since keys may contain any character. */
export function describeObject({ bucket, key, versionId }: ObjectAddress): string {
  const escaped = JSON.stringify(key).slice(1, -1);
  const version = versionId === undefined ? '' : ` (version ${versionId})`;
  return `s3://${bucket}/${escaped}${version}`;
}

/** Returns an address as the parameters of a request. */
export const inputFor = ({ bucket: Bucket, key: Key, versionId: VersionId }: ObjectAddress) => ({
  Bucket,
  Key,
  VersionId,
});
