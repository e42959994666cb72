/** Corrects the clock by the `Date` of answers, if they prove that it is more than a second off. */

/** Largest error that stays uncorrected, milliseconds. */
const MAX_ERROR_MS = 1_000;

/** `Date` has whole seconds: the answer was made in the second that it names. Milliseconds. */
const DATE_MS = 1_000;

/** A clock that is within a second of that of a server. */
export class AnswerClock {
  /** This machine's clock, epoch milliseconds. */
  readonly localNow: () => number;
  #correctionMs = 0;

  constructor(localNow: () => number) {
    this.localNow = localNow;
  }

  /** Epoch milliseconds, corrected. */
  now(): number {
    return this.localNow() + this.#correctionMs;
  }

  /**
   * Takes an answer into account.
   *
   * @param date - its `Date` header
   * @param sentAt - when the request was sent, by this machine's clock
   */
  learn(date: string | undefined, sentAt: number): void {
    const second = Date.parse(date ?? '');
    if (Number.isNaN(second)) return;
    // The answer was made between sending and now; so the correction is between these two.
    const least = second - this.localNow();
    const most = second + DATE_MS - sentAt;
    const isProvenWrong =
      this.#correctionMs < least - MAX_ERROR_MS || this.#correctionMs > most + MAX_ERROR_MS;
    if (isProvenWrong) this.#correctionMs = (least + most) / 2;
  }
}
