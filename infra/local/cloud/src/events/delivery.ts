/** Delivery to one target, with EventBridge's retries (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html). */
import type { Clock } from '../clock.ts';
import { UnknownFunctionError } from '../types.ts';

/** A failed delivery to a target. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** One of EventBridge's codes, for example `NO_RESOURCE` or `THROTTLING`. */
  readonly code: string;
  /** Whether another attempt may help. */
  readonly isRetryable: boolean;

  constructor(code: string, message: string, isRetryable: boolean) {
    super(message);
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

/** How long to retry a delivery. */
export interface RetryLimits {
  readonly maxRetries: number;
  /** Maximum age since the bus received the event, milliseconds. */
  readonly maxAgeMs: number;
}

/** Why delivery of an event stopped. */
export interface Failure {
  readonly error: DeliveryError;
  /** Number of attempts after the first. */
  readonly retries: number;
  /** The limit that was reached; undefined if the error is not retryable. */
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
}

export interface Delivery {
  readonly attempt: () => Promise<void>;
  readonly limits: RetryLimits;
  readonly clock: Clock;
  /** Jitter, from 0 to 1. */
  readonly random: () => number;
  /** Ends the waits. */
  readonly signal: AbortSignal;
  /** @param waitMs - until the next attempt, milliseconds */
  readonly onRetry: (error: DeliveryError, waitMs: number) => void;
}

/** AWS documents exponential backoff with jitter, without figures. Milliseconds. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 600_000;

/**
 * Delivers an event; returns the failure if it gives up.
 *
 * @throws AbortError if the signal aborts during a wait
 */
export async function deliverWithRetries(delivery: Delivery): Promise<Failure | undefined> {
  const { attempt, limits, clock, random, signal, onRetry } = delivery;
  const startedMs = clock.now();
  for (let retries = 0; ; retries += 1) {
    const error = await failureOf(attempt);
    if (!error) return undefined;
    if (!error.isRetryable) return { error, retries };
    if (retries >= limits.maxRetries) return { error, retries, exhausted: 'MaximumRetryAttempts' };
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retries) * (0.5 + random() / 2);
    if (clock.now() + waitMs - startedMs > limits.maxAgeMs) {
      return { error, retries, exhausted: 'MaximumEventAgeInSeconds' };
    }
    onRetry(error, waitMs);
    await clock.sleep(waitMs, signal);
  }
}

async function failureOf(attempt: () => Promise<void>): Promise<DeliveryError | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UnknownFunctionError)
      return new DeliveryError('NO_RESOURCE', message, false);
    return new DeliveryError('ERROR_FROM_TARGET', message, true);
  }
}
