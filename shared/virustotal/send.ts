/** The one place through which every upstream request goes: the quota, key, retries, refusals. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConnectorError,
  type QuotaExceededError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../errors.ts';
import type { Limits } from '../limits.ts';
import { readAccount } from './account.ts';
import type { ApiKeySource } from './api-key-source.ts';
import { type AttemptResult, attempt, type UpstreamRequest, type Wire } from './attempt.ts';
import { isUnavailable, toNamedError, type UpstreamFault } from './failures.ts';
import type { Gate, GatedRequest, Pass } from './gate.ts';
import { retryDelay } from './retry.ts';

/** A success, or an error answer that the caller may handle. */
export type UpstreamAnswer = Extract<AttemptResult, { kind: 'success' | 'fault' }>;

/** Describes a retry. */
export interface RetryEvent {
  /** Template of the request. */
  readonly request: string;
  /** The attempt that failed, 1 for the first. */
  readonly attempt: number;
  /** Why, for example `HTTP 503` or `ECONNRESET`. */
  readonly reason: string;
  readonly delayMs: number;
}

/** What sending needs. */
export interface Sender extends Wire {
  readonly apiKey: ApiKeySource;
  /** Admits every request. */
  readonly gate: Gate;
  /** The account's user id, by which its quotas are read; null if it is not known. */
  readonly userId: string | null;
  /** Base of the API. */
  readonly server: URL;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onRetry: (event: RetryEvent) => void;
}

/** From this size on, sending a body may take long, bytes: less fits into the first packets. */
const LONG_BODY_BYTES = 16_384;

/**
 * Sends a request, and retries it where that is safe and may help.
 *
 * @returns a success, or an error answer of 3xx or 4xx that a retry cannot get past
 * @throws ApiKeyError, QuotaExceededError, UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError
 */
export async function send(
  sender: Sender,
  request: UpstreamRequest,
  limits: Limits,
): Promise<UpstreamAnswer> {
  let key = await sender.apiKey.get(limits.deadline);
  let isRefreshed = false;
  for (let tries = 1; ; ) {
    const { outcome, quotaError } = await sendOnce(sender, request, key, limits, tries > 1);
    if (outcome.kind === 'fault' && outcome.fault.status === 401) {
      const fresh = isRefreshed ? key : await sender.apiKey.refresh(limits.deadline);
      if (fresh === key) throw toNamedError(outcome.fault);
      key = fresh;
      isRefreshed = true;
      continue;
    }
    if (!isTransient(outcome)) return outcome;
    const delayMs = delayBeforeRetry(sender, request, outcome, tries, limits);
    if (delayMs === null) throw quotaError ?? toFinalError(outcome);
    const reason = reasonOf(outcome);
    sender.onRetry({ request: request.template, attempt: tries, reason, delayMs });
    await pause(delayMs, limits);
    tries += 1;
  }
}

/** Sends a request that the gate has admitted, and tells the gate how it ended. */
async function sendOnce(
  sender: Sender,
  request: UpstreamRequest,
  key: string,
  limits: Limits,
  isRepeated: boolean,
): Promise<{ outcome: AttemptResult; quotaError?: QuotaExceededError }> {
  const pass = await sender.gate.admit(gatedRequest(sender, request, key), limits);
  const outcome = await attempt(sender, request, key, limits, isRepeated).catch(
    async (error: unknown) => {
      await pass.ended(false);
      throw error;
    },
  );
  if (outcome.kind === 'fault' && outcome.fault.status === 429) {
    return { outcome, quotaError: await refusedBy(pass, outcome) };
  }
  const isKeyRefused = outcome.kind === 'fault' && outcome.fault.status === 401;
  await pass.ended(outcome.kind !== 'failure' && !isKeyRefused);
  return { outcome };
}

function gatedRequest(
  sender: Sender,
  { body, begin, isFree = false }: UpstreamRequest,
  key: string,
): GatedRequest {
  const { userId } = sender;
  return {
    isFree,
    hasLongBody: body !== undefined && body.size > LONG_BODY_BYTES,
    begin,
    ...(userId !== null && {
      askAccount: (limits: Limits) => readAccount(sender, userId, key, limits),
    }),
  };
}

function refusedBy(
  pass: Pass,
  { fault, retryAfterMs }: Extract<AttemptResult, { kind: 'fault' }>,
): Promise<QuotaExceededError> {
  return pass.refused(`VirusTotal's quota is used up (${quotaWords(fault)}).`, retryAfterMs);
}

type Transient = Extract<AttemptResult, { kind: 'fault' | 'failure' }>;

function isTransient(outcome: AttemptResult): outcome is Transient {
  if (outcome.kind === 'success') return false;
  if (outcome.kind === 'failure') return true;
  return outcome.fault.status === 429 || isUnavailable(outcome.fault);
}

function delayBeforeRetry(
  { now, random }: Sender,
  { method }: UpstreamRequest,
  outcome: Transient,
  tries: number,
  limits: Limits,
): number | null {
  if (!mayRepeat(method, outcome)) return null;
  return retryDelay({
    attempt: tries,
    retryAfterMs: outcome.kind === 'fault' ? outcome.retryAfterMs : null,
    leftMs: limits.deadline - now(),
    // A dead kept connection says nothing about the server: do not wait.
    random: isStale(outcome) ? 0 : random(),
  });
}

function isStale(outcome: Transient): boolean {
  return outcome.kind === 'failure' && outcome.failure.kind === 'stale';
}

function mayRepeat(method: 'GET' | 'POST', outcome: Transient): boolean {
  if (outcome.kind === 'failure') {
    const { kind } = outcome.failure;
    return kind === 'never' || (kind !== 'untrusted' && method === 'GET');
  }
  // A 429 without Retry-After means at least a minute; a submission that got a 5xx may have succeeded.
  if (outcome.fault.status === 429) return outcome.retryAfterMs !== null;
  return method === 'GET';
}

function toFinalError(outcome: Transient): Error {
  return outcome.kind === 'failure' ? toConnectionError(outcome) : toNamedError(outcome.fault);
}

const connectionWords = {
  never: 'no connection to the VirusTotal server',
  untrusted: 'the TLS certificate of the VirusTotal server is not trusted',
  broken: 'the connection to the VirusTotal server broke',
  stale: 'the connection to the VirusTotal server broke',
} as const;

function toConnectionError({ failure }: Extract<Transient, { kind: 'failure' }>): Error {
  return new UpstreamUnavailableError(`${connectionWords[failure.kind]} (${failure.message})`);
}

function quotaWords({ code, message }: UpstreamFault): string {
  return [code, message].filter(Boolean).join(': ') || 'HTTP 429';
}

function reasonOf(outcome: Transient): string {
  return outcome.kind === 'failure' ? outcome.failure.message : `HTTP ${outcome.fault.status}`;
}

async function pause(delayMs: number, { signal }: Limits): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (cause) {
    if (signal?.reason instanceof ConnectorError) throw signal.reason;
    throw new UpstreamTimeoutError('the invocation ended before a request was retried', {
      cause,
    });
  }
}
