/** What a call does while the ledger is away or crowded, or the door is closed. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConnectorError,
  QuotaExceededError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Turn } from '../quota/turn.ts';
import type { Pass } from '../virustotal/gate.ts';

/** Goes on without the ledger. */
export const passWithoutLedger: Pass = {
  async ended() {},
  async refused(said, retryAfterMs) {
    return new QuotaExceededError(said, (retryAfterMs ?? 60_000) / 1000);
  },
};

export function isTableAway(error: unknown): error is ConnectorError {
  return error instanceof UpstreamUnavailableError || error instanceof UpstreamTimeoutError;
}

/** Others have taken every cell that this caller has tried. */
export function tooManyOthers(now: number): Turn {
  const until = now + 1_000;
  return { kind: 'wait', reason: 'crowd', opensAt: until, until };
}

export async function pause(ms: number, { signal }: Limits): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (cause) {
    throw new UpstreamTimeoutError('the invocation ended while it waited for the quota', { cause });
  }
}
