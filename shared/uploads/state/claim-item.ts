/** The item of one object version in the state table, and how it is read. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** How far a version has come; it is the receipt that tells that it is done. */
export type Phase = 'claimed' | 'sending' | 'submitted';

/** What a claim needs to know of an item that is there. */
export interface ClaimItem {
  /** Token of the attempt that wrote it last. */
  readonly holder: string;
  /** Id of the invocation that this attempt belongs to; Lambda's own retries keep it. */
  readonly requestId: string;
  /** Until when the attempt may still run, epoch milliseconds; 0 when it has ended. */
  readonly leaseUntil: number;
  /** When sending began, epoch milliseconds; null when it has not. */
  readonly sendingSince: number | null;
  /** The receipt, JSON text; null while there is none. */
  readonly receipt: string | null;
}

/** Reads an item; what is missing counts as nothing known. */
export function readClaimItem(item: Readonly<Record<string, AttributeValue>>): ClaimItem {
  const since = numberOf(item.sendingSince);
  return {
    holder: item.holder?.S ?? '',
    requestId: item.requestId?.S ?? '',
    leaseUntil: numberOf(item.leaseUntil) ?? 0,
    sendingSince: since,
    receipt: item.receipt?.S ?? null,
  };
}

function numberOf(value: AttributeValue | undefined): number | null {
  return value?.N === undefined ? null : Number(value.N);
}
