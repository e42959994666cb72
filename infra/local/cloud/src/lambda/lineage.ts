/**
 * Lambda's recursive-loop detection (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
 * The trace header of an invocation counts how often the function was invoked in this chain of events; the SDK
 * passes the header on with each request that the function makes.
 */
import { createHash } from 'node:crypto';
import type { InvocationResult, LocalFunction } from '../types.ts';

/** Invocations of a function in one chain, after which Lambda refuses the next one. */
const MAX_INVOCATIONS = 16;

const LOOP = 'RecursiveInvocationException';
const LINEAGE = /(?:^|;)\s*Lineage=([^;]*)/i;

/** How often a function has been invoked in the chain of a trace header. */
export function invocationsIn(traceHeader: string | undefined, { arn }: LocalFunction): number {
  return countsIn(traceHeader).get(keyOf(arn)) ?? 0;
}

/** The lineage of the next invocation of a function: the chain's counts, and one more for it. */
export function nextLineage(traceHeader: string | undefined, fn: LocalFunction): string {
  const counts = countsIn(traceHeader);
  counts.set(keyOf(fn.arn), invocationsIn(traceHeader, fn) + 1);
  return `Lineage=${[...counts].map(([key, count]) => `${key}:${count}`).join('|')}`;
}

/** Of several trace headers, the one in which the function was invoked most often. */
export function longestChain(
  traceHeaders: readonly (string | undefined)[],
  fn: LocalFunction,
): string | undefined {
  return traceHeaders.toSorted((a, b) => invocationsIn(b, fn) - invocationsIn(a, fn))[0];
}

/** Returns Lambda's refusal of an invocation that is part of a loop; undefined if it may run. */
export function loopRefusal(
  traceHeader: string | undefined,
  fn: LocalFunction,
): InvocationResult | undefined {
  if (fn.allowsRecursion || invocationsIn(traceHeader, fn) < MAX_INVOCATIONS) return undefined;
  const errorMessage = `Lambda has stopped ${fn.name}: it was invoked ${MAX_INVOCATIONS} times in one chain of events (recursive loop; its RecursiveLoop is Terminate)`;
  return { status: 'failed', error: { errorType: LOOP, errorMessage } };
}

/** Whether Lambda refused an invocation as part of a loop, which no retry changes. */
export function isLoopRefusal(result: InvocationResult): boolean {
  return result.status === 'failed' && result.error.errorType === LOOP;
}

function countsIn(traceHeader = ''): Map<string, number> {
  const entries = (LINEAGE.exec(traceHeader)?.[1] ?? '')
    .split('|')
    .map((entry) => entry.split(':'));
  return new Map(
    entries.flatMap(([key = '', count = '']) =>
      /^\d+$/.test(count) ? [[key, Number(count)]] : [],
    ),
  );
}

function keyOf(arn: string): string {
  return createHash('sha256').update(arn).digest('hex').slice(0, 8);
}
