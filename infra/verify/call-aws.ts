/** Calls AWS services whose clients are not worth installing for one action each. */

import type { Target } from './context.ts';
import { CheckFailure } from './outcomes.ts';
import { signRequest } from './sign-request.ts';

/** One call. */
export interface AwsCall {
  /** Endpoint prefix and signing name, for example `logs`. */
  readonly service: string;
  readonly method?: 'GET' | 'POST';
  /** With query. @default '/' */
  readonly path?: string;
  /** `X-Amz-Target` of services with JSON requests. */
  readonly action?: string;
  readonly input?: object;
}

/** AWS refused the call. */
export class AwsCallError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: string, message: string, status: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: status };
  }
}

const ATTEMPTS = 4;
const PAUSE_MS = 500;

/**
 * Calls a service, and tries again when it is busy.
 *
 * @returns its answer, parsed
 * @throws AwsCallError with AWS's name of the error
 */
export async function callAws(target: Target, call: AwsCall): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(target, call);
    const text = await response.text();
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    const isBusy = response.status >= 500 || response.status === 429 || /Throttl/.test(text);
    if (!isBusy || attempt === ATTEMPTS) throw errorOfAnswer(call, response, text);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** attempt));
  }
}

async function send(target: Target, call: AwsCall): Promise<Response> {
  const { service, method = 'POST', path = '/', action, input } = call;
  const url = new URL(path, endpointOf(target, service));
  const body = input === undefined ? undefined : JSON.stringify(input);
  const type = action === undefined ? 'application/json' : 'application/x-amz-json-1.1';
  const headers = {
    ...(body !== undefined && { 'content-type': type }),
    ...(action !== undefined && { 'x-amz-target': action }),
  };
  const signed = await signRequest(
    { method, url, headers, body },
    { credentials: await target.credentials(), region: target.region, service },
  );
  return fetch(url, { method, headers: signed, body: body ?? null });
}

function endpointOf({ local, region }: Target, service: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const own = local?.awsUrl ?? process.env.AWS_ENDPOINT_URL;
  return own ?? `https://${service}.${region}.${suffix}`;
}

function errorOfAnswer({ service }: AwsCall, response: Response, text: string): Error {
  const type = response.headers.get('x-amzn-errortype') ?? /"__type":"([^"]+)"/.exec(text)?.[1];
  const name = type?.split(/[:#]/).find((part) => /Exception$|Error$/.test(part)) ?? type;
  if (name === undefined) {
    return new CheckFailure(`${service}: got HTTP ${response.status} ${text.slice(0, 200)}`);
  }
  const message = /"[mM]essage":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
  return new AwsCallError(name, message, response.status);
}
