/** What DynamoDB's failures mean to whoever works with the state table. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpstreamTimeoutError, UpstreamUnavailableError } from '../../errors.ts';

/** Another attempt has taken the claim over: whoever held it must not go on. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';

  constructor() {
    super('another attempt has taken the claim over');
  }
}

/** Whether a condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException;
}

/**
 * Translates a failure of DynamoDB into a named error.
 *
 * @param error - what the SDK threw
 * @param signal - tells a time-out from everything else
 */
export function translateStateError(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) {
    return new UpstreamTimeoutError('the state table did not answer within the time that is left');
  }
  const name = error instanceof Error ? error.name : 'Error';
  return new UpstreamUnavailableError(`the state table could not be reached (${name})`, {
    cause: error,
  });
}
