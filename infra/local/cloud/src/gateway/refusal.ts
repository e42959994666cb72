/**
 * Error responses that API Gateway creates itself
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
 */

/** API Gateway's defaults for a type of response. */
interface ResponseType {
  readonly status: number;
  /** `$context.error.message`. */
  readonly message: string;
  /** Header `x-amzn-ErrorType`. */
  readonly errorType: string;
}

const forbidden = { status: 403, message: 'Forbidden', errorType: 'ForbiddenException' };
const defect = {
  message: 'Internal server error',
  errorType: 'InternalServerErrorException',
};

/** The types that can occur locally, where permissions are not enforced and nothing is throttled. */
const types = {
  API_CONFIGURATION_ERROR: { ...defect, status: 500 },
  BAD_REQUEST_BODY: {
    status: 400,
    message: 'Invalid request body',
    errorType: 'BadRequestException',
  },
  BAD_REQUEST_PARAMETERS: {
    status: 400,
    message: 'Missing required request parameters',
    errorType: 'BadRequestException',
  },
  DEFAULT_4XX: { status: 400, message: 'Bad Request', errorType: 'BadRequestException' },
  /** The function failed or did not return a proxy response. */
  DEFAULT_5XX: { ...defect, status: 502 },
  INTEGRATION_FAILURE: { ...defect, status: 504 },
  INTEGRATION_TIMEOUT: { ...defect, status: 504, message: 'Endpoint request timed out' },
  INVALID_API_KEY: forbidden,
  INVALID_SIGNATURE: { status: 403, message: 'Forbidden', errorType: 'InvalidSignatureException' },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    message: 'Request Too Long',
    errorType: 'RequestTooLargeException',
  },
} as const satisfies Readonly<Record<string, ResponseType>>;

export type RefusalType = keyof typeof types;

export interface RefusalDetail {
  readonly message?: string;
  /** `$context.error.validationErrorString`. */
  readonly validationError?: string;
}

/** A request that API Gateway answers itself. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly type: RefusalType;
  /** The status unless the document overrides it. */
  readonly status: number;
  readonly errorType: string;
  readonly validationError: string;

  constructor(type: RefusalType, { message, validationError = '' }: RefusalDetail = {}) {
    const standard: ResponseType = types[type];
    super(message ?? standard.message);
    this.type = type;
    this.status = standard.status;
    this.errorType = standard.errorType;
    this.validationError = validationError;
  }
}
