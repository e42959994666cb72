/** Which messages of a batch a function has processed (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting). */
import * as z from 'zod/mini';
import type { InvocationResult } from '../types.ts';

/** How a batch ended. */
export interface BatchResult {
  /** Ids of the messages that stay in the queue. */
  readonly failedIds: ReadonlySet<string>;
  /** Why the whole batch failed. */
  readonly error?: string;
}

/** An empty answer, and one without failures, mean that all messages are processed. */
const responseSchema = z.nullable(
  z.object({
    batchItemFailures: z.nullish(
      z.array(z.object({ itemIdentifier: z.string().check(z.minLength(1)) })),
    ),
  }),
);

/**
 * Reads the result of an invocation.
 *
 * @param ids - of the messages in the batch
 * @param reportsFailures - whether the mapping has `ReportBatchItemFailures`
 */
export function batchResult(
  result: InvocationResult,
  ids: readonly string[],
  reportsFailures: boolean,
): BatchResult {
  const all = new Set(ids);
  if (result.status === 'failed') return { failedIds: all, error: result.error.errorType };
  if (!reportsFailures) return { failedIds: new Set() };
  const response = responseSchema.safeParse(parsed(result.payload));
  if (!response.success) return { failedIds: all, error: 'the response is malformed' };
  const failures = response.data?.batchItemFailures ?? [];
  const failedIds = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
  return failedIds.isSubsetOf(all)
    ? { failedIds }
    : { failedIds: all, error: 'the response names a message that is not in the batch' };
}

/** @returns undefined if it is not JSON */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
