/** What Step Functions' failures mean to a caller. */
import { type ConnectorError, UpstreamError } from '../../errors.ts';
import { translateAwsError } from '../aws-errors.ts';

/**
 * Translates a failure of Step Functions; a refusal that a retry does not get past is UpstreamError.
 *
 * @param error - what the SDK threw
 * @param action - what failed, as in `start the playbook`
 * @param signal - of the request; an aborted one means a timeout
 */
export function translateExecutionError(
  error: unknown,
  action: string,
  signal: AbortSignal,
): ConnectorError {
  return translateAwsError(error, action, signal, ({ code, isTransient }, options) =>
    isTransient ? undefined : new UpstreamError(`could not ${action} (${code})`, options),
  );
}
