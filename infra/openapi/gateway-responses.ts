/** Errors of API Gateway itself, in the same envelope as the functions' errors. */
import { type HttpErrorName, httpErrors } from './error-responses.ts';
import type { JsonObject } from './types.ts';

/** Seconds after which a throttled caller may retry. */
const THROTTLE_SECONDS = 1;
/** Seconds after which a caller whose usage plan quota is exhausted may retry. */
const QUOTA_SECONDS = 3600;

const denied = 'the caller is not authorised, or the route does not exist';
const body = 'body: must be a JSON object';
const plain = { name: 'InvalidInputError', message: 'the request is malformed' } as const;

/**
 * Error name and message by response type of the gateway.
 *
 * The messages are fixed: the gateway cannot quote the failing field safely, and its own text may
 * echo the request. Types: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const responses: Readonly<Record<string, GatewayError>> = {
  ACCESS_DENIED: { name: 'AccessDeniedError', message: denied },
  BAD_REQUEST_BODY: { name: 'InvalidInputError', message: body },
  BAD_REQUEST_PARAMETERS: {
    name: 'InvalidInputError',
    message: 'parameters: a required parameter is missing',
  },
  DEFAULT_4XX: { ...plain, keepsStatus: true },
  // API Gateway answers 502 when a function fails without an answer; here 502 means a failure of VirusTotal.
  DEFAULT_5XX: { name: 'InternalError', message: 'internal error in the gateway or the function' },
  EXPIRED_TOKEN: { name: 'AccessDeniedError', message: denied },
  INTEGRATION_FAILURE: {
    name: 'UpstreamUnavailableError',
    message: 'the function could not be reached or did not answer',
  },
  INTEGRATION_TIMEOUT: {
    name: 'UpstreamTimeoutError',
    message: 'the function did not answer within 29 s',
  },
  INVALID_API_KEY: { name: 'AccessDeniedError', message: denied },
  INVALID_SIGNATURE: { name: 'AccessDeniedError', message: denied },
  MISSING_AUTHENTICATION_TOKEN: { name: 'AccessDeniedError', message: denied },
  QUOTA_EXCEEDED: {
    name: 'QuotaExceededError',
    message: 'the quota of the usage plan is exhausted',
    retryAfterSeconds: QUOTA_SECONDS,
  },
  REQUEST_TOO_LARGE: {
    name: 'InvalidInputError',
    message: 'body: must be a JSON object of at most 6 MB',
  },
  RESOURCE_NOT_FOUND: { name: 'AccessDeniedError', message: denied },
  THROTTLED: {
    name: 'QuotaExceededError',
    message: 'too many requests; the gateway is throttling',
    retryAfterSeconds: THROTTLE_SECONDS,
  },
  UNAUTHORIZED: { name: 'AccessDeniedError', message: denied },
  UNSUPPORTED_MEDIA_TYPE: { name: 'InvalidInputError', message: body },
  WAF_FILTERED: { name: 'AccessDeniedError', message: denied },
};

interface GatewayError {
  readonly name: HttpErrorName;
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** Whether to keep the original status, because the response type covers several. */
  readonly keepsStatus?: boolean;
}

/** The value of `x-amazon-apigateway-gateway-responses`. */
export function gatewayResponses(): JsonObject {
  return Object.fromEntries(
    Object.entries(responses).map(([type, error]) => [type, gatewayResponse(error)]),
  );
}

function gatewayResponse({ name, message, retryAfterSeconds, keepsStatus }: GatewayError) {
  const isQuota = retryAfterSeconds !== undefined;
  const text = isQuota ? `${message} retryAfterSeconds=${retryAfterSeconds}` : message;
  const error = { name, message: text, requestId: '$context.requestId' };
  return {
    ...(!keepsStatus && { statusCode: String(httpErrors[name].status) }),
    responseParameters: {
      'gatewayresponse.header.Cache-Control': "'no-store'",
      ...(isQuota && { 'gatewayresponse.header.Retry-After': `'${retryAfterSeconds}'` }),
    },
    responseTemplates: { 'application/json': JSON.stringify({ error }) },
  };
}
