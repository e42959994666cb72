/** Invokes the function of a route, within the time that API Gateway gives it. */
import { answerTimeout, type Clock, workTimeout } from '../clock.ts';
import { type InvocationResult, type Invoker, UnknownFunctionError } from '../types.ts';
import type { Route } from './definition.ts';
import { GatewayRefusal } from './refusal.ts';

/** What it takes to invoke. */
export interface Integration {
  readonly invoker: Invoker;
  readonly clock: Clock;
}

/** Lambda's limit for an event, bytes. */
const MAX_EVENT_BYTES = 6 * 2 ** 20;

/**
 * Invokes.
 *
 * @param payload - the event, JSON text
 * @returns what the function returned, JSON text
 * @throws GatewayRefusal if the function fails, does not exist or times out (it keeps running, as on AWS)
 */
export async function invokeFunction(
  { functionArn, timeoutMs }: Route,
  payload: string,
  { invoker, clock }: Integration,
): Promise<string> {
  if (Buffer.byteLength(payload) > MAX_EVENT_BYTES) throw new GatewayRefusal('REQUEST_TOO_LARGE');
  const ended = new AbortController();
  const waitMs = workTimeout(timeoutMs, clock) + answerTimeout(clock);
  const timeout = clock.sleep(waitMs, ended.signal).then(() => {
    throw new GatewayRefusal('INTEGRATION_TIMEOUT');
  });
  try {
    const result = await Promise.race([invoked(invoker, functionArn, payload), timeout]);
    if (result.status === 'failed') throw new GatewayRefusal('DEFAULT_5XX');
    return result.payload;
  } finally {
    ended.abort();
  }
}

async function invoked(
  invoker: Invoker,
  functionArn: string,
  payload: string,
): Promise<InvocationResult> {
  try {
    return await invoker.invoke(functionArn, payload);
  } catch (error) {
    const isMissing = error instanceof UnknownFunctionError;
    throw new GatewayRefusal(isMissing ? 'API_CONFIGURATION_ERROR' : 'INTEGRATION_FAILURE');
  }
}
