/** From what Lambda says of an invocation to the time that its requests may take. */
import type { Context } from 'aws-lambda';
import type { EventLimits, Limits } from '../limits.ts';

/** API Gateway ends an integration after 29 s; the answer needs a second to leave. */
const HTTP_LIMIT_MS = 28_000;

/** Kept back so that an error can still be answered before Lambda ends the invocation, milliseconds. */
const MARGIN_MS = 700;

/**
 * The limits of one invocation.
 *
 * @param context - Lambda's context
 * @param way - over HTTP the answer must be there within 28 s, whatever Lambda's time-out
 * @param signal - ends the work early
 * @param now - epoch milliseconds
 */
export function limitsFor(
  context: Context,
  way: 'http' | 'direct',
  signal: AbortSignal,
  now: number,
): Limits {
  const left = context.getRemainingTimeInMillis() - MARGIN_MS;
  return { deadline: now + (way === 'http' ? Math.min(left, HTTP_LIMIT_MS) : left), signal };
}

/** Kept back of an event's time, so that claims can be given back and messages held, milliseconds. */
const EVENT_MARGIN_MS = 3_000;

/**
 * The limits of an invocation by an event, whose work others may wait for.
 *
 * @param context - Lambda's context
 * @param signal - ends the work early
 * @param now - epoch milliseconds
 */
export function eventLimitsFor(context: Context, signal: AbortSignal, now: number): EventLimits {
  const endsAt = now + context.getRemainingTimeInMillis();
  return { deadline: endsAt - EVENT_MARGIN_MS, endsAt, signal, requestId: context.awsRequestId };
}
