/** Requests to claim work that must be done once, and the answers to them. */

/** Time for one write to the state table after the submission has ended, milliseconds. */
export const LAST_WRITE_MS = 1_500;

/** A request to claim work. */
export interface ClaimRequest {
  /** Key of the item: the same for the same work. */
  readonly id: string;
  /** Attributes for people who read the table; the claim does not use them. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Id of the invocation. Lambda retries a failed asynchronous invocation under the same id, after the
   * first has ended: it need not wait for its own lease.
   */
  readonly requestId: string;
  /** When the invocation ends at the latest, epoch milliseconds. */
  readonly leaseUntil: number;
  /**
   * Oldest submission whose receipt counts, epoch milliseconds. Without a submission (a file that was known), a
   * receipt then does not count either. @default every receipt counts
   */
  readonly receiptsSince?: number;
}

/** A claim that this attempt holds. */
export interface HeldClaim {
  readonly id: string;
  /** Token of this attempt. */
  readonly holder: string;
  /** When an earlier attempt began to send, epoch milliseconds; null if none did. */
  readonly sendingSince: number | null;
  /** What an earlier attempt has read of the object, as it was given to `release`; null if nothing was kept. */
  readonly content: string | null;
  /** Whether the item has to stay when the claim is given back, because it has an earlier receipt. */
  readonly hasEarlier: boolean;
}

/** Answer to a request to claim. */
export type ClaimAnswer =
  | { readonly status: 'granted'; readonly claim: HeldClaim }
  /** Another attempt holds it, until this time at the latest, epoch milliseconds. */
  | { readonly status: 'held'; readonly until: number }
  /** The work is done; this is its receipt. */
  | { readonly status: 'done'; readonly receipt: string };
