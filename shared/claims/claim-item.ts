/** The item of a claim in the state table. */
import type { Attributes } from '../aws/table/attributes.ts';

/** How far the work has come; only a receipt says that it is done. */
export type Phase = 'claimed' | 'sending' | 'submitted';

/** What a claim needs from an existing item. */
export interface ClaimItem {
  /** Token of the attempt that wrote it last. */
  readonly holder: string;
  /** Id of that attempt's invocation; Lambda's own retries keep it. */
  readonly requestId: string;
  /** Until when the attempt may still run, epoch milliseconds; 0 if it has ended. */
  readonly leaseUntil: number;
  /** When sending began, epoch milliseconds; null if it has not. */
  readonly sendingSince: number | null;
  /** What an attempt has read of the object; null if it was not read, or not kept. */
  readonly content: string | null;
  /** The receipt, JSON; null until it is stored. */
  readonly receipt: string | null;
  /** When that was, epoch milliseconds, if an analysis was queued; otherwise null. */
  readonly submittedAt: number | null;
  /** A receipt that was too old for the attempt that has taken the claim over since; null without one. */
  readonly earlier: string | null;
}

/** Reads an item; missing attributes count as unknown. */
export function readClaimItem(item: Attributes): ClaimItem {
  return {
    holder: item.holder?.S ?? '',
    requestId: item.requestId?.S ?? '',
    leaseUntil: Number(item.leaseUntil?.N ?? 0),
    sendingSince: numberOf(item.sendingSince?.N),
    content: item.digests?.S ?? null,
    receipt: item.receipt?.S ?? null,
    submittedAt: numberOf(item.submittedAt?.N),
    earlier: item.earlier?.S ?? null,
  };
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
