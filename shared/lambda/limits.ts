/** Derives the limits of an invocation from Lambda's context. */
import type { Context } from 'aws-lambda';
import type { InvocationLimits } from '../limits.ts';

/** API Gateway ends an integration after 29 s; a second is kept for sending the response. Milliseconds. */
const HTTP_LIMIT_MS = 28_000;

/** Time kept back so that an error can still be returned before Lambda ends the invocation, milliseconds. */
const MARGIN_MS = 700;

/** Time kept back from an event, so that claims can be released and messages held, milliseconds. */
const EVENT_MARGIN_MS = 3_000;

/** Longer than any function runs: an event this old is a recorded one that someone replays. Milliseconds. */
const MAX_EVENT_AGE_MS = 900_000;

/**
 * Returns the limits of a direct invocation.
 *
 * @param context - Lambda's context
 * @param signal - aborts the work early
 * @param now - epoch milliseconds
 */
export function limitsFor(context: Context, signal: AbortSignal, now: number): InvocationLimits {
  const endsAt = now + context.getRemainingTimeInMillis();
  return { deadline: endsAt - MARGIN_MS, endsAt, signal, requestId: context.awsRequestId };
}

/**
 * Returns the limits of an HTTP request: the response is due 28 s after the gateway received it, whatever
 * Lambda's timeout. A cold start has used a part of that time already.
 *
 * @param receivedAt - by the gateway's clock, epoch milliseconds; not trusted if it is in the future
 */
export function httpLimitsFor(
  context: Context,
  signal: AbortSignal,
  now: number,
  receivedAt: number | undefined,
): InvocationLimits {
  const age = now - (receivedAt ?? now);
  const spent = age > 0 && age < MAX_EVENT_AGE_MS ? age : 0;
  const limits = limitsFor(context, signal, now);
  const deadline = Math.min(limits.deadline, now - spent + HTTP_LIMIT_MS);
  // Its work ends with its deadline, although Lambda would let it run for longer.
  return { ...limits, deadline, endsAt: deadline + MARGIN_MS };
}

/**
 * Returns the limits of an upload event, whose claims other invocations may be waiting for.
 *
 * @param context - Lambda's context
 * @param signal - aborts the work early
 * @param now - epoch milliseconds
 */
export function eventLimitsFor(
  context: Context,
  signal: AbortSignal,
  now: number,
): InvocationLimits {
  const endsAt = now + context.getRemainingTimeInMillis();
  return { deadline: endsAt - EVENT_MARGIN_MS, endsAt, signal, requestId: context.awsRequestId };
}
