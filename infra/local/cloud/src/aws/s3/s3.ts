/** S3 of the local run: names, versions, tags and listings here, bytes in an engine (`engine.ts`). */
import type { AwsService } from '../service.ts';
import { addressOf } from './address.ts';
import type { ObjectCreated, S3World } from './call.ts';
import { Engine } from './engine.ts';
import { addBucket } from './operations/buckets.ts';
import { operationOf } from './operations.ts';

export type { ObjectCreated } from './call.ts';

/** How S3 runs. */
export interface S3Options {
  /** The clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Called for every object that was written, before its writer has the answer. @default nobody asks */
  readonly onObjectCreated?: (event: ObjectCreated) => void;
}

/** S3 as a service of the endpoint. */
export interface S3Service extends AwsService {
  /**
   * Adds a bucket; one that is there is left as it is.
   *
   * @param options.versioned - @default false
   * @throws AwsRefusal `InvalidBucketName`
   */
  createBucket(name: string, options?: { readonly versioned?: boolean }): void;
}

/** Starts S3, empty. */
export async function createS3(options: S3Options = {}): Promise<S3Service> {
  const { now = Date.now, onObjectCreated = () => undefined } = options;
  const world: S3World = {
    state: { buckets: new Map(), uploads: new Map() },
    engine: await Engine.start(),
    now,
    onObjectCreated,
  };
  return {
    names: ['s3'],
    errorFormat: 'xml',
    createBucket(name, { versioned = false } = {}) {
      addBucket(world.state, name, versioned, new Date(now()));
    },
    async handle(exchange) {
      const call = { ...exchange, ...addressOf(exchange.request.url ?? '/'), world };
      await operationOf(call)(call);
    },
    close: () => world.engine.close(),
  };
}
