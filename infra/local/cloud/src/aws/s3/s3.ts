/** The local S3: keeps names, versions and tags in memory, and bytes in temporary files. */
import type { AwsService } from '../http/service.ts';
import { addressOf } from './address.ts';
import { openByteStore } from './byte-store.ts';
import type { ObjectCreated, S3World } from './call.ts';
import { addBucket } from './operations/buckets.ts';
import { operationOf } from './operations.ts';

export type { ObjectCreated } from './call.ts';

/** Options of the local S3. */
export interface S3Options {
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Called for every object that is written, before its writer gets the response. @default no one */
  readonly onObjectCreated?: (event: ObjectCreated) => void;
}

/** S3 as a service of the endpoint. */
export interface S3Service extends AwsService {
  /**
   * Adds a bucket; does nothing if it exists.
   *
   * @param options.versioned - @default false
   * @throws AwsRefusal `InvalidBucketName`
   */
  createBucket(name: string, options?: { readonly versioned?: boolean }): void;
}

/** Opens an S3 without buckets. Its files are removed when it is closed. */
export async function openS3(options: S3Options = {}): Promise<S3Service> {
  const { now = Date.now, onObjectCreated = () => undefined } = options;
  const bytes = await openByteStore();
  const buckets: S3World['buckets'] = new Map();
  const world: S3World = { buckets, uploads: new Map(), bytes, now, onObjectCreated };
  return {
    names: ['s3'],
    errorFormat: 'xml',
    createBucket(name, { versioned = false } = {}) {
      addBucket(buckets, name, versioned, new Date(now()));
    },
    async handle(exchange) {
      const call = { ...exchange, ...addressOf(exchange.request.url ?? '/'), world };
      await operationOf(call)(call);
    },
    close: () => bytes.close(),
  };
}
