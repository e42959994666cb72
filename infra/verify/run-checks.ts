/** Runs checks one after another. */
import type { Check, CheckResult } from './check.ts';
import type { CheckContext } from './context.ts';
import { CheckFailure, NotApplicable, NotChecked } from './outcomes.ts';

/** Hears of the progress. */
export interface RunListener {
  onStart(check: Check): void;
  onEnd(result: CheckResult): void;
}

/** Runs checks; those that an interruption leaves over are unchecked. */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  listener: RunListener,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    listener.onStart(check);
    const startedAt = performance.now();
    const { status, detail } = await resultOf(check, context, results);
    const seconds = (performance.now() - startedAt) / 1000;
    const result: CheckResult = { check, status, detail, seconds };
    results.push(result);
    listener.onEnd(result);
  }
  return results;
}

async function resultOf(
  check: Check,
  context: CheckContext,
  earlier: readonly CheckResult[],
): Promise<Pick<CheckResult, 'status' | 'detail'>> {
  if (context.signal.aborted) return { status: 'unchecked', detail: 'interrupted' };
  const reason = check.notFor?.(context);
  if (reason !== undefined) return { status: 'skipped', detail: reason };
  const missing = (check.needs ?? []).find(
    (id) => earlier.find((result) => result.check.id === id)?.status !== 'passed',
  );
  if (missing !== undefined)
    return { status: 'unchecked', detail: `needs ${missing}, which has not passed` };
  try {
    return { status: 'passed', detail: await check.run(context) };
  } catch (error) {
    if (context.signal.aborted) return { status: 'unchecked', detail: 'interrupted' };
    return outcomeOf(error);
  }
}

/** Errors of AWS that say nothing about the deployment: the caller may not ask, or AWS is busy. */
const OF_THE_CALLER =
  /AccessDenied|NotAuthorized|Unauthorized|ExpiredToken|InvalidClientToken|UnrecognizedClient|Credentials|Throttl|TooManyRequests|SlowDown/;

function outcomeOf(error: unknown): Pick<CheckResult, 'status' | 'detail'> {
  if (error instanceof CheckFailure) return { status: 'failed', detail: error.message };
  if (error instanceof NotApplicable) return { status: 'skipped', detail: error.message };
  if (error instanceof NotChecked) return { status: 'unchecked', detail: error.message };
  if (!(error instanceof Error)) return { status: 'unchecked', detail: String(error) };
  const detail = `${error.name}: ${error.message}`;
  const isOfService = '$metadata' in error && !OF_THE_CALLER.test(error.name);
  return { status: isOfService ? 'failed' : 'unchecked', detail };
}

/** Exit codes of the command. */
export function exitCodeOfResults(results: readonly CheckResult[]): 0 | 1 | 3 {
  if (results.some(({ status }) => status === 'failed')) return 1;
  const isProved = results.some(({ status }) => status === 'passed');
  return isProved && results.every(({ status }) => status !== 'unchecked') ? 0 : 3;
}
