/** Keeps the AWS calls that the local engines served. */
import type { AwsCall, CallRecorder } from '../types.ts';

/** Calls kept at most; the oldest go first. */
const MOST = 100_000;

/** Takes note of calls, and gives them back. */
export class CallLog implements CallRecorder {
  readonly #calls: AwsCall[] = [];
  readonly refusalOf: (call: AwsCall) => string | undefined;

  /** @param refusalOf - why a call is not allowed. @default all are */
  constructor(refusalOf: CallLog['refusalOf'] = () => undefined) {
    this.refusalOf = refusalOf;
  }

  record(call: AwsCall): void {
    this.#calls.push(call);
    if (this.#calls.length > MOST) this.#calls.shift();
  }

  /** The calls so far, the oldest first. */
  get calls(): readonly AwsCall[] {
    return this.#calls;
  }
}
