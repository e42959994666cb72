/** Translates failures of the AWS SDK into named errors: the only code that reads the SDK's errors. */
import { ConnectorError, UpstreamTimeoutError, UpstreamUnavailableError } from '../errors.ts';

/** How a request to AWS failed. */
export interface AwsFailure {
  /** The SDK's name for the error, for example `AccessDenied`. */
  readonly code: string;
  /** HTTP status; undefined if AWS did not answer. */
  readonly status: number | undefined;
  /** Whether a retry can succeed. */
  readonly isTransient: boolean;
}

/** Named errors for failures that mean more than "unavailable"; undefined for all others. */
export type ExplainFailure = (
  failure: AwsFailure,
  options: ErrorOptions,
) => ConnectorError | undefined;

/**
 * Translates a failure into a named error.
 *
 * @param error - what the SDK threw; a named error is returned unchanged
 * @param action - what failed, as in `write the report`
 * @param signal - of the request; an aborted one means a timeout
 * @param explain - for failures that are not UpstreamUnavailableError
 */
export function translateAwsError(
  error: unknown,
  action: string,
  signal: AbortSignal,
  explain: ExplainFailure = () => undefined,
): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const options = { cause: error };
  if (signal.aborted)
    return new UpstreamTimeoutError(`could not ${action} in the time left`, options);
  const failure = awsFailure(error);
  const message = `could not ${action} (${failure.code}); try again`;
  return explain(failure, options) ?? new UpstreamUnavailableError(message, options);
}

/**
 * Codes with a status below 500 that a retry can get past: a limit on the rate of requests
 * (`ThrottlingException`, `KMS.ThrottlingException`, `SlowDown`), expired credentials, the clock, a slow request.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const TRANSIENT_CODE =
  /Throttl|SlowDown|LimitExceeded|TooManyRequests|PriorRequestNotComplete|ExpiredToken|TokenRefreshRequired|RequestExpired|RequestTimeTooSkewed|Time-?out/i;

/** Reads what the SDK threw. */
export function awsFailure(error: unknown): AwsFailure {
  const code = error instanceof Error ? error.name : 'Error';
  const status = error instanceof Error ? statusOf(error) : undefined;
  const isTransient =
    status === undefined || status >= 500 || status === 429 || TRANSIENT_CODE.test(code);
  return { code, status, isTransient };
}

function statusOf(error: object): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status = 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
