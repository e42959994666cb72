/** Objects that checks create, and their removal. */
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { LATE_PASSES_MS, type Place, removePlaces } from './remove-objects.ts';

/** Removes the objects if this process is killed. */
export interface Guard {
  /** Resolves when the place is noted. */
  note(place: Place): Promise<void>;
  /** The objects have been removed: nothing is left to do. */
  end(): Promise<void>;
}

/** An object version that was put. */
export interface PutObject {
  readonly bucket: string;
  readonly key: string;
  /** Undefined if the bucket is not versioned. */
  readonly versionId: string | undefined;
  readonly etag: string;
}

/** The objects of one run. */
export class TemporaryObjects {
  readonly #s3: S3Client;
  readonly #guard: Guard;
  readonly #places = new Map<string, Place>();
  readonly #endings: (() => Promise<boolean>)[] = [];

  constructor(s3: S3Client, guard: Guard) {
    this.#s3 = s3;
    this.#guard = guard;
  }

  /** Notes where objects will be, before they are there. */
  async expect(place: Place): Promise<void> {
    const id = `${place.bucket}/${place.prefix}`;
    if (this.#places.has(id)) return;
    this.#places.set(id, place);
    await this.#guard.note(place);
  }

  /** Puts an object below a noted prefix. */
  async put(
    place: Place,
    name: string,
    content: Pick<PutObjectCommandInput, 'Body' | 'ContentLength'>,
  ): Promise<PutObject> {
    await this.expect(place);
    const { bucket, prefix } = place;
    const key = `${prefix}${name}`;
    const { VersionId: versionId, ETag = '' } = await this.#s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, ...content }),
    );
    return { bucket, key, versionId, etag: ETag.replaceAll('"', '') };
  }

  /**
   * Calls this before objects are removed, to end what uses them.
   *
   * @param ending - returns whether something of it may still be written
   */
  before(ending: () => Promise<boolean>): void {
    this.#endings.push(ending);
  }

  /**
   * Removes everything.
   *
   * @returns what could not be removed, as sentences
   */
  async removeAll(): Promise<string[]> {
    const endings = await Promise.allSettled(this.#endings.splice(0).map((ending) => ending()));
    const goesOn = endings.some((each) => each.status === 'rejected' || each.value);
    const problems = await removePlaces(
      this.#s3,
      [...this.#places.values()],
      goesOn ? LATE_PASSES_MS : [0],
    );
    if (problems.length === 0) await this.#guard.end();
    return problems;
  }
}
