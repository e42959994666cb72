/** Derives the limits of an invocation from Lambda's context. */
import type { Context } from 'aws-lambda';
import type { EventLimits, Limits } from '../limits.ts';

/** API Gateway ends an integration after 29 s; a second is kept for sending the response. Milliseconds. */
const HTTP_LIMIT_MS = 28_000;

/** Time kept back so that an error can still be returned before Lambda ends the invocation, milliseconds. */
const MARGIN_MS = 700;

/** Time kept back from an event, so that claims can be released and messages held, milliseconds. */
const EVENT_MARGIN_MS = 3_000;

/**
 * Returns the limits of an HTTP request or a direct invocation.
 *
 * @param context - Lambda's context
 * @param way - HTTP responses are due within 28 s, whatever Lambda's timeout
 * @param signal - aborts the work early
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

/**
 * Returns the limits of an upload event, whose claims other invocations may be waiting for.
 *
 * @param context - Lambda's context
 * @param signal - aborts the work early
 * @param now - epoch milliseconds
 */
export function eventLimitsFor(context: Context, signal: AbortSignal, now: number): EventLimits {
  const endsAt = now + context.getRemainingTimeInMillis();
  return { deadline: endsAt - EVENT_MARGIN_MS, endsAt, signal, requestId: context.awsRequestId };
}
