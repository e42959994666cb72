/** The request context of API Gateway: `$context`. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Clock, workTimeout } from '../clock.ts';
import { idFrom } from '../template/physical-name.ts';
import type { LocalApi, LocalApiKey } from '../template/views/apis.ts';
import { LOCAL_ACCOUNT } from '../types.ts';
import type { Route } from './definition.ts';
import { type GatewayRequest, headerValues } from './request.ts';
import type { SigningKey } from './signature.ts';

export interface RequestIds {
  /** When the request arrived, epoch milliseconds. */
  readonly receivedMs: number;
  readonly requestId: string;
  /** Header `x-amz-apigw-id`. */
  readonly extendedRequestId: string;
  /** For example `Root=1-5759e988-bd862e3fe1be46a994272793`. */
  readonly traceId: string;
}

/** Generates the ids. @param nowMs - epoch milliseconds */
export function requestIds(nowMs: number): RequestIds {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return {
    receivedMs: Math.floor(nowMs),
    requestId: randomUUID(),
    extendedRequestId: randomBytes(11).toString('base64'),
    traceId: `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
  };
}

export interface ContextOptions {
  readonly api: LocalApi;
  readonly route: Route | undefined;
  readonly ids: RequestIds;
  /** The key that the caller sent. */
  readonly apiKey?: LocalApiKey | undefined;
  /** The key that the caller signed with, if that was checked. */
  readonly caller?: Pick<SigningKey, 'accessKeyId'> | undefined;
  readonly clock: Clock;
}

/**
 * Builds the request context of payload format 1.0. A caller whose signature was checked is a made-up user with
 * the name of the access key; otherwise its identity is empty (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
 */
export function requestContext(
  { method, path, protocol, headers, sourceIp }: Omit<GatewayRequest, 'body'>,
  { api, route, ids, apiKey, caller, clock }: ContextOptions,
) {
  const { requestId, extendedRequestId, receivedMs } = ids;
  // A function may count its time from here, so on a fast clock this moves with the end of that time.
  const timeoutMs = route?.timeoutMs ?? 0;
  const requestTimeEpoch = receivedMs + workTimeout(timeoutMs, clock) - timeoutMs;
  return {
    ...(route && {
      resourceId: idFrom(`${api.id}${route.resource}`, 6),
      resourcePath: route.resource,
      operationName: route.operationName,
    }),
    httpMethod: method,
    extendedRequestId,
    requestTime: requestTime(receivedMs),
    path,
    accountId: LOCAL_ACCOUNT,
    protocol,
    stage: api.stage,
    domainPrefix: api.id,
    requestTimeEpoch,
    requestId,
    identity: { ...identityOf(headers, sourceIp, apiKey), ...(caller && identityOfCaller(caller)) },
    domainName: headerValues(headers, 'host').at(-1) ?? '',
    deploymentId: api.deploymentId,
    apiId: api.id,
  };
}

function identityOf(
  headers: GatewayRequest['headers'],
  sourceIp: string,
  apiKey: ContextOptions['apiKey'],
) {
  return {
    cognitoIdentityPoolId: null,
    accountId: null,
    cognitoIdentityId: null,
    caller: null,
    sourceIp,
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: null,
    userAgent: headerValues(headers, 'user-agent').at(-1) ?? null,
    user: null,
    ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
  };
}

/** The caller of a signed request. */
function identityOfCaller({ accessKeyId }: Pick<SigningKey, 'accessKeyId'>) {
  return {
    accountId: LOCAL_ACCOUNT,
    caller: accessKeyId,
    accessKey: accessKeyId,
    userArn: `arn:aws:iam::${LOCAL_ACCOUNT}:user/${accessKeyId}`,
    user: accessKeyId,
  };
}

/** For example `09/Apr/2015:12:34:56 +0000`. */
function requestTime(ms: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(
    new Date(ms).toUTCString(),
  ) ?? ['', '', '', '', ''];
  return `${day}/${month}/${year}:${time} +0000`;
}
