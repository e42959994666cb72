/** An object as a submission reads it: opened only when it is read, and each time as the very same object. */
import type { OpenObject } from '../../aws/s3/s3-object.ts';
import type { StoredObject } from '../../aws/s3/stored-object.ts';

/** How to reach an object. */
export interface ObjectSourceOptions {
  /** Asks S3 about the object; null if S3 does not answer that. */
  readonly describe: () => Promise<StoredObject | null>;
  /** Opens the object for the first time; the very one that was described, if it was. */
  readonly open: (described: StoredObject | undefined) => Promise<OpenObject>;
  /** Throws if an object cannot be submitted. */
  readonly check: (object: StoredObject) => void;
  /** Length, bytes, if an earlier attempt has read the object. @default S3 says so */
  readonly size?: number | undefined;
  /** Clock, epoch milliseconds. */
  readonly now: () => number;
}

/**
 * How long an open object may stand unread, milliseconds. S3 closes a connection that takes nothing; that a submission
 * waits for the quota or the state table after it has opened the object is rare.
 */
const MAX_UNREAD_MS = 5_000;

/** An object that can be read several times. @throws the errors of the options (from every method) */
export class ObjectSource {
  readonly #options: ObjectSourceOptions;
  #object: OpenObject | undefined;
  #described: StoredObject | undefined;
  #isRead = false;
  #openedAt = 0;

  constructor(options: ObjectSourceOptions) {
    this.#options = options;
  }

  /** Returns what S3 says of the object, without reading it. */
  async describe(): Promise<StoredObject> {
    const known = this.#object ?? this.#described;
    if (known) return known;
    const described = await this.#options.describe();
    if (!described) return this.open();
    this.#options.check(described);
    this.#described = described;
    return described;
  }

  /** Returns the length, bytes. */
  async size(): Promise<number> {
    const { size } = this.#described ?? this.#options;
    return size ?? (await this.open()).size;
  }

  /** Opens the object at its start; an object that is open and was not read stays open for a while. */
  async open(): Promise<OpenObject> {
    const earlier = this.#object;
    const now = this.#options.now();
    if (earlier && !this.#isRead && now - this.#openedAt <= MAX_UNREAD_MS) return earlier;
    earlier?.close();
    const object = await (earlier ? earlier.reopen() : this.#options.open(this.#described));
    this.#object = object;
    this.#isRead = false;
    this.#openedAt = now;
    this.#options.check(object);
    return object;
  }

  /** Opens the object at its start, to be read once. */
  async read(): Promise<OpenObject> {
    const object = await this.open();
    this.#isRead = true;
    return object;
  }

  /** Closes what is open. */
  close(): void {
    this.#object?.close();
  }
}
