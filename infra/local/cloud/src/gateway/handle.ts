/** One request to the stage: key, validation, function. */
import type { LocalApi, LocalApiKey } from '../template/views/apis.ts';
import { type RequestIds, requestContext } from './context.ts';
import type { ApiDefinition, Route } from './definition.ts';
import { type Integration, invokeFunction } from './integration.ts';
import { validateBody } from './models.ts';
import { type HttpAnswer, proxyAnswer } from './proxy-answer.ts';
import { isBinaryType, proxyEvent } from './proxy-event.ts';
import { GatewayRefusal } from './refusal.ts';
import { type GatewayRequest, headerValues } from './request.ts';
import type { RouteMatch } from './router.ts';
import { checkSignature, type SigningKey } from './signature.ts';

/** What a stage is made of. */
export interface Stage extends Integration {
  readonly api: LocalApi;
  readonly definition: ApiDefinition;
  /** Keys that callers may send. */
  readonly apiKeys: readonly LocalApiKey[];
  /** The key that requests are signed with; undefined: signatures are not checked. */
  readonly signingKey: SigningKey | undefined;
}

/**
 * Answers a request, in API Gateway's order.
 *
 * @param path - percent-encoded as it came, without the stage
 * @param match - the route, if there is one
 * @throws GatewayRefusal
 */
export async function handle(
  stage: Stage,
  request: GatewayRequest,
  path: string,
  match: RouteMatch | undefined,
  ids: RequestIds,
): Promise<HttpAnswer> {
  const { api, definition, clock } = stage;
  if (/[|{}]/.test(request.rawQuery)) throw new GatewayRefusal('DEFAULT_4XX');
  if (!match) throw new GatewayRefusal('MISSING_AUTHENTICATION_TOKEN');
  const { route } = match;
  const caller = route.needsSignature ? stage.signingKey : undefined;
  if (caller) await checkSignature(request, caller, Date.now());
  const apiKey = route.needsApiKey ? keyOf(stage, request) : undefined;
  validateParameters(route, request);
  validateBody(route.models, request);
  const binaryMediaTypes = [...definition.binaryMediaTypes, ...api.binaryMediaTypes];
  const event = proxyEvent(request, {
    match,
    path,
    context: requestContext(request, { api, route, ids, apiKey, caller, clock }),
    traceId: ids.traceId,
    stageVariables: api.stageVariables,
    binaryMediaTypes,
  });
  const payload = await invokeFunction(route, JSON.stringify(event), stage);
  return proxyAnswer(payload, isBinaryType(request.headers, 'accept', binaryMediaTypes));
}

/** @throws GatewayRefusal */
function keyOf({ apiKeys }: Stage, { headers }: GatewayRequest): LocalApiKey {
  const [apiKey] = headerValues(headers, 'x-api-key');
  const found = apiKeys.find(({ value }) => value === apiKey);
  if (found) return found;
  throw new GatewayRefusal('INVALID_API_KEY');
}

/** Required parameters must be there, and not blank. Those of the path are, or there were no route. */
function validateParameters({ requiredParameters }: Route, { query, headers }: GatewayRequest) {
  const missing = requiredParameters.filter(({ in: where, name }) => {
    if (where === 'path') return false;
    const values = where === 'query' ? (query.get(name) ?? []) : headerValues(headers, name);
    return values.every((value) => value.trim() === '');
  });
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  const message = `Missing required request parameters: [${names}]`;
  throw new GatewayRefusal('BAD_REQUEST_PARAMETERS', { message, validationError: `[${names}]` });
}
