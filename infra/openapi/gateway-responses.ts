/** The gateway's own errors, in the envelope of the functions. */
import { type HttpErrorName, httpErrors } from './error-responses.ts';
import type { JsonObject } from './types.ts';

/** Seconds after which a throttled caller may try again. */
const THROTTLE_SECONDS = 1;
/** Seconds after which a caller whose usage plan is used up may try again. */
const QUOTA_SECONDS = 3600;

const denied = 'the caller is not authorised, or there is no such route';
const body = 'body: got something that is not a JSON object; allowed: a JSON object';
const plain = { name: 'InvalidInputError', message: 'the request cannot be understood' } as const;

/**
 * Name and message by the gateway's type of response.
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
  // A function that failed without an answer would be 502 here, which is for VirusTotal's failures.
  DEFAULT_5XX: { name: 'InternalError', message: 'internal error of the gateway or the function' },
  EXPIRED_TOKEN: { name: 'AccessDeniedError', message: denied },
  INTEGRATION_FAILURE: {
    name: 'UpstreamUnavailableError',
    message: 'the function could not be reached or gave no answer',
  },
  INTEGRATION_TIMEOUT: {
    name: 'UpstreamTimeoutError',
    message: 'the function gave no answer within 29 s',
  },
  INVALID_API_KEY: { name: 'AccessDeniedError', message: denied },
  INVALID_SIGNATURE: { name: 'AccessDeniedError', message: denied },
  MISSING_AUTHENTICATION_TOKEN: { name: 'AccessDeniedError', message: denied },
  QUOTA_EXCEEDED: {
    name: 'QuotaExceededError',
    message: "the usage plan's quota is used up",
    retryAfterSeconds: QUOTA_SECONDS,
  },
  REQUEST_TOO_LARGE: {
    name: 'InvalidInputError',
    message: 'body: got more than 6 MB; allowed: a JSON object',
  },
  RESOURCE_NOT_FOUND: { name: 'AccessDeniedError', message: denied },
  THROTTLED: {
    name: 'QuotaExceededError',
    message: 'the gateway takes no more requests at the moment',
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
  /** The response stands for several statuses, each kept. */
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
