/**
 * The named errors of the connector: the one table of names, HTTP statuses and retry advice.
 *
 * Names are string literals because Step Functions matches `error.name` and bundles are minified.
 */

/** HTTP status of each error name, whether a retry can help, and when it occurs. */
export const errorTable = {
  InvalidInputError: {
    status: 400,
    retryable: false,
    when: 'The input is malformed, or VirusTotal refused it with InvalidArgumentError.',
  },
  ObjectNotFoundError: {
    status: 404,
    retryable: false,
    when: 'The bucket, key, version or submission does not exist.',
  },
  ObjectAccessDeniedError: {
    status: 403,
    retryable: false,
    when: 'The function may not read that object.',
  },
  ObjectTooLargeError: {
    status: 413,
    retryable: false,
    when: 'The object is over 681,574,400 bytes (650 MiB).',
  },
  QuotaExceededError: {
    status: 429,
    retryable: true,
    when: "VirusTotal's quota is used up; the message ends retryAfterSeconds=<integer>.",
  },
  ApiKeyError: {
    status: 502,
    retryable: false,
    when: 'The API key is missing, empty, or refused by VirusTotal after one forced refresh.',
  },
  ForbiddenByVirusTotalError: {
    status: 502,
    retryable: false,
    when: 'The API key may not use this VirusTotal endpoint.',
  },
  UpstreamError: {
    status: 502,
    retryable: false,
    when: 'VirusTotal gave an answer that cannot be parsed, or another 4xx.',
  },
  UpstreamUnavailableError: {
    status: 503,
    retryable: true,
    when: 'VirusTotal (or S3) answered 5xx, or the connection failed, after retries.',
  },
  UpstreamTimeoutError: {
    status: 504,
    retryable: true,
    when: 'There was no answer in the time left to the invocation.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; when: string }>;

/** One of the ten names that a caller can get. */
export type ErrorName = keyof typeof errorTable;

/** Base class of every error that a caller may see; any other error is a bug. */
export abstract class ConnectorError extends Error {
  abstract override readonly name: ErrorName;

  /** HTTP status of this error over API Gateway. */
  get status(): number {
    return errorTable[this.name].status;
  }

  /** Whether the same call with the same input can succeed later. */
  get retryable(): boolean {
    return errorTable[this.name].retryable;
  }
}

/** The input is malformed; the message names the field, its value and what is allowed. */
export class InvalidInputError extends ConnectorError {
  override readonly name = 'InvalidInputError';
}

/** The bucket, key, version or submission does not exist. */
export class ObjectNotFoundError extends ConnectorError {
  override readonly name = 'ObjectNotFoundError';
}

/** The function may not read that object. */
export class ObjectAccessDeniedError extends ConnectorError {
  override readonly name = 'ObjectAccessDeniedError';
}

/** The object is larger than VirusTotal accepts. */
export class ObjectTooLargeError extends ConnectorError {
  override readonly name = 'ObjectTooLargeError';
}

/** Three days, the longest that a caller sleeps before it asks again. */
const MAX_RETRY_AFTER_SECONDS = 3 * 86_400;

/**
 * A quota is used up. Lambda passes on only name and message, so the message ends with the wait:
 * `retryAfterSeconds=<integer >= 1>`.
 */
export class QuotaExceededError extends ConnectorError {
  override readonly name = 'QuotaExceededError';
  /** Seconds until a retry makes sense, an integer from 1 to three days. */
  readonly retryAfterSeconds: number;

  /**
   * @param message - what happened, without the suffix
   * @param retryAfterSeconds - seconds to wait; rounded up, at least 1, at most three days
   * @param options - `cause`
   */
  constructor(message: string, retryAfterSeconds: number, options?: ErrorOptions) {
    const seconds = Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(1, Math.ceil(retryAfterSeconds)));
    super(`${message} retryAfterSeconds=${seconds}`, options);
    this.retryAfterSeconds = seconds;
  }
}

/** The API key is missing, empty, or refused by VirusTotal. */
export class ApiKeyError extends ConnectorError {
  override readonly name = 'ApiKeyError';
}

/** The API key may not use this endpoint. */
export class ForbiddenByVirusTotalError extends ConnectorError {
  override readonly name = 'ForbiddenByVirusTotalError';
}

/** VirusTotal gave an answer that cannot be parsed, or another 4xx. */
export class UpstreamError extends ConnectorError {
  override readonly name = 'UpstreamError';
}

/** VirusTotal answered 5xx or could not be reached, after retries. */
export class UpstreamUnavailableError extends ConnectorError {
  override readonly name = 'UpstreamUnavailableError';
}

/** There was no answer in the time left. */
export class UpstreamTimeoutError extends ConnectorError {
  override readonly name = 'UpstreamTimeoutError';
}
