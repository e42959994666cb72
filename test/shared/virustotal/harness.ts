/** What the client's tests share: a client at a scripted server, a key, and a deadline. */
import { inspect } from 'node:util';
import { QuotaExceededError } from '../../../shared/errors.ts';
import type { Limits } from '../../../shared/limits.ts';
import {
  type ClientOptions,
  createVirusTotalClient,
  type VirusTotalClient,
} from '../../../shared/virustotal/client.ts';
import type { Gate } from '../../../shared/virustotal/gate.ts';
import type { RetryEvent } from '../../../shared/virustotal/send.ts';

/** Key of the tests, of the real length. */
export const KEY = 'a1B2c3D4e5F60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8F90';

/** A key source that counts. */
export function keySource(key: string = KEY, fresh: string = key) {
  const calls: string[] = [];
  return {
    calls,
    async get() {
      calls.push('get');
      return key;
    },
    async refresh() {
      calls.push('refresh');
      return fresh;
    },
  };
}

/** Admits everything, and says what VirusTotal says. */
export const openGate: Gate = {
  async admit() {
    return {
      async ended() {},
      async refused(said, retryAfterMs) {
        return new QuotaExceededError(said, (retryAfterMs ?? 60_000) / 1000);
      },
    };
  },
};

/** A client that waits for nothing between its tries. */
export function clientAt(
  serverUrl: string,
  options: Partial<ClientOptions> = {},
): VirusTotalClient & { readonly retries: RetryEvent[] } {
  const retries: RetryEvent[] = [];
  const client = createVirusTotalClient({
    serverUrl,
    verifyTls: true,
    apiKey: keySource(),
    gate: openGate,
    random: () => 0,
    onRetry: (event) => retries.push(event),
    ...options,
  });
  return { ...client, retries };
}

/** @param ms - time left, milliseconds */
export function within(ms = 8_000, signal?: AbortSignal): Limits {
  return { deadline: Date.now() + ms, ...(signal && { signal }) };
}

/** What a promise was rejected with; fails when it was not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return outcome.error;
  throw new TypeError(`expected a rejection with an Error, got ${inspect(outcome)}`);
}

/** All that any logger could print of a value: message, stack, causes, hidden properties. */
export function everythingOf(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, maxStringLength: null });
}

/** Body of a file report, as short as it can be. */
export function fileReport(sha256: string) {
  return {
    data: {
      type: 'file',
      id: sha256,
      attributes: { last_analysis_date: 1_700_000_000, last_analysis_results: {} },
    },
  };
}

/** Digest of the tests. */
export const SHA256 = 'ab'.repeat(32);

/** Body of a submission's answer. */
export const descriptor = {
  data: { type: 'analysis', id: 'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE6MTcwMDAwMDAwMA==' },
};
