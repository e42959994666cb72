/** S3, as distributed Maps use it. */

/** An object, in the fields of the reader. */
export interface ListedItem {
  readonly Etag: string;
  readonly Key: string;
  /** Epoch seconds. */
  readonly LastModified: number;
  readonly Size: number;
  readonly StorageClass: string;
}

/** The S3 calls of a state machine, with its role. */
export interface ObjectStore {
  /** @param most - objects to list */
  list(bucket: string, prefix: string, most: number): Promise<readonly ListedItem[]>;
  put(bucket: string, key: string, text: string): Promise<void>;
}
