/** An object as a submission reads it: opened only when it is read, and each time as the very same object. */
import type { OpenObject } from '../../aws/s3/s3-object.ts';

/** How to open an object. */
export interface ObjectSourceOptions {
  /** Opens the object for the first time. */
  readonly open: () => Promise<OpenObject>;
  /** Throws if an opened object cannot be submitted. */
  readonly check: (object: OpenObject) => void;
  /** Length, bytes, if an earlier attempt has read the object. @default opening it says so */
  readonly size?: number | undefined;
}

/** An object that can be read several times. @throws the errors of `open` and `check` (from every method) */
export class ObjectSource {
  readonly #options: ObjectSourceOptions;
  #object: OpenObject | undefined;
  #isRead = false;
  #size: number | undefined;

  constructor(options: ObjectSourceOptions) {
    this.#options = options;
    this.#size = options.size;
  }

  /** Returns the length, bytes. */
  async size(): Promise<number> {
    return this.#size ?? (await this.open()).size;
  }

  /** Opens the object at its start; an object that is open and was not read stays open. */
  async open(): Promise<OpenObject> {
    const earlier = this.#object;
    if (earlier && !this.#isRead) return earlier;
    earlier?.close();
    const object = await (earlier ? earlier.reopen() : this.#options.open());
    this.#object = object;
    this.#isRead = false;
    this.#size = object.size;
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
