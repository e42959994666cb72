/** Serves a request: records it, applies faults, checks the key, and answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from './accounts.ts';
import { type Answer, Refusal, refuse } from './answer.ts';
import { RequestBody } from './body.ts';
import { deliver, resetConnection, takesGzip } from './deliver.ts';
import { altered, answerOf } from './fault-answer.ts';
import type { Fault } from './faults.ts';
import type { RecordedRequest } from './recorder.ts';
import type { ApiRequest, Route, Service } from './service.ts';

/**
 * Serves one request.
 *
 * @param route - undefined if none matches
 */
export async function exchange(
  service: Service,
  route: Route | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RecordedRequest> {
  reply.hijack();
  const { raw: message } = request;
  const key = headerText(message.headers['x-apikey']);
  const record = service.recorder.add(recordOf(service, request, key));
  const fault = service.faults.take(request.method, pathOf(request));
  const body = new RequestBody(
    message,
    fault?.kind === 'slow-reading' ? fault.bytesPerSecond : undefined,
  );
  try {
    if (fault?.delayMs) await sleep(fault.delayMs);
    const isBroken = fault !== undefined && (await brokenBefore(fault, body, reply));
    if (isBroken) return record;
    const answer =
      (await faultAnswer(fault, body)) ??
      altered(await realAnswer(service, route, request, key, body, record), fault);
    const isWhole = deliver(reply.raw, answer, {
      key: key ?? '',
      takesGzip: takesGzip(headerText(message.headers['accept-encoding']), userAgentOf(request)),
      fault,
    });
    record.status = isWhole ? answer.status : null;
  } catch (error) {
    // The client has disconnected.
    if (!message.socket.destroyed) throw error;
  } finally {
    record.bytes = body.bytes;
  }
  return record;
}

/**
 * Applies a fault that prevents any answer.
 *
 * @returns whether there was one
 */
async function brokenBefore(
  fault: Fault,
  body: RequestBody,
  reply: FastifyReply,
): Promise<boolean> {
  if (fault.kind === 'stall' && fault.at !== 'answer') {
    await body.drain();
    return true;
  }
  if (fault.kind !== 'reset' || fault.at === 'during-answer') return false;
  if (fault.at === 'during-body') await body.chunks().next();
  if (fault.at === 'after-body') await body.drain();
  resetConnection(reply.raw);
  return true;
}

async function faultAnswer(
  fault: Fault | undefined,
  body: RequestBody,
): Promise<Answer | undefined> {
  const answer = fault && answerOf(fault);
  if (answer && !(fault.kind === 'answer' && fault.beforeBody)) await body.drain();
  return answer;
}

async function realAnswer(
  service: Service,
  route: Route | undefined,
  request: FastifyRequest,
  key: string | undefined,
  body: RequestBody,
  record: RecordedRequest,
): Promise<Answer> {
  try {
    if (!route) throw refuse('NotFoundError', 'Resource not found.');
    const account = letIn(service, key);
    return await route.handle(apiRequestOf(service, account, route, request, body, record));
  } catch (error) {
    await body.drainShort();
    if (error instanceof Refusal) return error.answer;
    if (request.raw.socket.destroyed) throw error;
    // A bug in the simulator; VirusTotal has no such code.
    return { status: 500, json: { error: { code: 'SimulatorError', message: String(error) } } };
  }
}

function letIn({ accounts }: Service, key: string | undefined): Account {
  if (!key) throw refuse('AuthenticationRequiredError', 'X-Apikey header is missing');
  const account = accounts.get(key);
  // The real service echoes the key, so clients have to remove it before they log the message.
  if (!account) throw refuse('WrongCredentialsError', `Wrong API key: ${key}`);
  return account;
}

function apiRequestOf(
  service: Service,
  account: Account,
  route: Route,
  request: FastifyRequest,
  body: RequestBody,
  record: RecordedRequest,
): ApiRequest {
  const { params, headers, url } = request;
  return {
    service,
    account,
    params: typeof params === 'object' && params !== null ? { ...params } : {},
    query: new URL(url, 'http://simulator').searchParams,
    contentType: headers['content-type'] ?? '',
    contentLength: Number(headers['content-length'] ?? Number.NaN),
    body,
    record,
    charge() {
      if (!account.quota.charge(`${route.method} ${route.path}`)) {
        throw refuse('QuotaExceededError', 'Quota exceeded');
      }
    },
  };
}

function recordOf(
  { accounts }: Service,
  request: FastifyRequest,
  key: string | undefined,
): RecordedRequest {
  const secrets = [...accounts.keys(), key ?? ''].filter((secret) => secret !== '');
  const hidden = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '{apikey}'), text);
  return {
    method: request.method,
    path: hidden(pathOf(request)),
    query: hidden(request.url.split('?').slice(1).join('?')),
    headerNames: Object.keys(request.headers).sort(),
    isKeyRight: key ? accounts.has(key) : null,
    status: null,
    bytes: 0,
  };
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0] ?? '';
}

function userAgentOf({ headers }: FastifyRequest): string | undefined {
  return headers['user-agent'];
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
