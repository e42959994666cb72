/** Claims for calls, which wait for one another where an event comes back later. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectorError, UpstreamTimeoutError, UpstreamUnavailableError } from '../errors.ts';
import { CLOCK_SKEW_MS, type InvocationLimits } from '../limits.ts';
import { logger } from '../logger.ts';
import type { ClaimAnswer, HeldClaim } from './claim.ts';
import type { Claims } from './claims.ts';

/** How long the receipt of a submission counts for further calls, milliseconds. */
export const CALL_RECEIPT_MS = 15 * 60 * 1000;

/** First and longest wait for another call, milliseconds. */
const PAUSES_MS = { first: 100, longest: 5_000 } as const;

/** Time that a call needs after a wait, milliseconds: with less left, it does not wait. */
const WORK_MS = 5_000;

/** What a call may do. */
export type CallAnswer =
  | Extract<ClaimAnswer, { status: 'granted' | 'done' }>
  /** The state table is away, and somebody waits for an answer: the call goes on without a claim. */
  | { readonly status: 'unclaimed' };

/** Claims in the state table. */
export interface CallServices {
  readonly claims: Pick<Claims, 'claim'>;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** @default that of Node.js */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * Claims work for a call. If another invocation has the claim, waits for its receipt as long as there is time.
 *
 * @param id - key of the item
 * @param labels - for people who read the table
 * @throws UpstreamUnavailableError if the other invocation takes longer; the table's errors, unless the call is
 * interactive
 */
export async function claimForCall(
  { claims, now = Date.now, sleep: pause = sleep }: CallServices,
  { id, labels }: Pick<HeldClaim, 'id'> & { readonly labels: Readonly<Record<string, string>> },
  limits: InvocationLimits,
): Promise<CallAnswer> {
  for (
    let pauseMs: number = PAUSES_MS.first;
    ;
    pauseMs = Math.min(2 * pauseMs, PAUSES_MS.longest)
  ) {
    const receiptsSince = now() - CALL_RECEIPT_MS;
    const leaseUntil = limits.endsAt + CLOCK_SKEW_MS;
    const { requestId } = limits;
    const request = { id, labels, requestId, leaseUntil, receiptsSince };
    const answer = await claims.claim(request, limits).catch((error: unknown) => {
      if (!isTableAway(error) || limits.caller?.lane === 'bulk') throw error;
      logger.warn('submission goes on without a claim', { error });
      return { status: 'unclaimed' } as const;
    });
    if (answer.status !== 'held') return answer;
    if (now() + pauseMs + WORK_MS > limits.deadline) throw heldByAnother(answer.until - now());
    await pause(pauseMs);
  }
}

function isTableAway(error: unknown): error is ConnectorError {
  return error instanceof UpstreamUnavailableError || error instanceof UpstreamTimeoutError;
}

function heldByAnother(leftMs: number): UpstreamUnavailableError {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  return new UpstreamUnavailableError(
    `another call is submitting the same; try again within ${seconds} s, or submit it regardless with upload "always"`,
  );
}
