/** What every upstream request passes at the moment at which it is sent. */
import type { QuotaExceededError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { AccountQuotas } from '../quota/learn.ts';

/** A request that is about to be sent. */
export interface GatedRequest {
  /** Whether it has a body that may take long, so that VirusTotal may count it any time until it ends. */
  readonly hasLongBody: boolean;
  /** Whether VirusTotal charges it to neither day nor month. @default false */
  readonly isFree?: boolean;
  /** Asks for the account's quotas; null if they cannot be read. Absent without the account's user id. */
  readonly askAccount?: (limits: Limits) => Promise<AccountQuotas | null>;
  /** Is called once a place is free, right before it is taken; if it throws, the request is not sent. */
  readonly begin?: ((limits: Limits) => Promise<void>) | undefined;
}

/** A request that was admitted. It is sent at once. */
export interface Pass {
  /**
   * Is called once the request has ended, however it ended; does not throw.
   *
   * @param isAnswered - whether VirusTotal has answered it
   */
  ended(isAnswered: boolean): Promise<void>;
  /**
   * Is called instead if VirusTotal has refused it with a 429.
   *
   * @param said - VirusTotal's words
   * @param retryAfterMs - the wait it asks for; null if it does not
   * @returns the error for the caller
   */
  refused(said: string, retryAfterMs: number | null): Promise<QuotaExceededError>;
}

/** Admits requests. */
export interface Gate {
  /**
   * Waits until the request may be sent, if that is soon.
   *
   * @throws QuotaExceededError if it is not soon; UpstreamUnavailableError if the ledger cannot be read
   */
  admit(request: GatedRequest, limits: Limits): Promise<Pass>;
}
