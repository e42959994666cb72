/** What Step Functions' failures mean to a caller. */
import { SFNServiceException } from '@aws-sdk/client-sfn';
import { UpstreamError, UpstreamTimeoutError, UpstreamUnavailableError } from '../../errors.ts';

/** Refusals with status 400 that a later try does not meet. */
const passing: readonly string[] = ['ThrottlingException', 'ExecutionLimitExceeded'];

/**
 * Translates a failure of Step Functions into a named error.
 *
 * @param error - what the SDK threw
 * @param what - what was not done, for the message
 * @param signal - tells a time-out from everything else
 */
export function translatePlaybookError(error: unknown, what: string, signal: AbortSignal): Error {
  const cause = { cause: error };
  if (signal.aborted) {
    return new UpstreamTimeoutError(`${what}: no answer within the time that is left`, cause);
  }
  const name = error instanceof Error ? error.name : 'Error';
  const status = error instanceof SFNServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status === undefined || status >= 500 || status === 429 || passing.includes(name)) {
    return new UpstreamUnavailableError(`${what} (${name}); try again`, cause);
  }
  return new UpstreamError(`${what} (${name})`, cause);
}
