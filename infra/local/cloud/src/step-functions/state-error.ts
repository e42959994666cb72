/** An error that the engine retries or catches by its name; the message becomes the Cause. */
export class StateError extends Error {
  /** Read by the engine. It cannot catch errors that `States.ALL` does not match. */
  readonly isCatchable: boolean;
  /** Read by the engine. */
  readonly isRetryable: boolean;

  constructor(name: string, cause: string, isCatchable = true) {
    super(cause);
    this.name = name;
    this.isCatchable = isCatchable;
    this.isRetryable = isCatchable;
  }
}
