/** Answers for faults. */
import { gzipSync } from 'node:zlib';
import { type Answer, codeFor, errorAnswer } from './answer.ts';
import type { Fault } from './faults.ts';

const html = '<html><head><title>Error</title></head><body>The server had a problem.</body></html>';

/**
 * Returns the answer that a fault sends instead of the real one.
 *
 * @returns undefined for faults that send the real answer, changed or not
 */
export function answerOf(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'answer':
      return custom(fault);
    case 'redirect':
      return { status: fault.status ?? 302, raw: '', headers: { location: fault.location } };
    case 'already-exists':
      return errorAnswer('AlreadyExistsError', 'Resource already exists.');
    case 'not-available-yet':
      return errorAnswer('NotAvailableYet', 'Not available yet.');
    case 'quota-exceeded':
      return {
        ...errorAnswer('QuotaExceededError', 'Quota exceeded'),
        ...(fault.retryAfter === undefined
          ? {}
          : { headers: { 'retry-after': String(fault.retryAfter) } }),
      };
    default:
      return undefined;
  }
}

function custom(fault: Extract<Fault, { kind: 'answer' }>): Answer {
  const { status, headers = {}, raw } = fault;
  if (raw !== undefined) return { status, raw, headers };
  const json = fault.json ?? {
    error: {
      code: fault.code ?? codeFor(status),
      message: fault.message ?? `Simulated fault ${status}`,
    },
  };
  const plain = JSON.stringify(json, null, 4);
  switch (fault.body ?? 'json') {
    case 'json':
      return { status, json, headers };
    case 'empty':
      return { status, raw: '', headers };
    case 'html':
      return { status, raw: html, headers: { 'content-type': 'text/html', ...headers } };
    case 'truncated-json':
      return { status, raw: plain.slice(0, plain.length / 2), headers };
    case 'mislabelled-gzip':
      return { status, raw: plain, headers: { 'content-encoding': 'gzip', ...headers } };
    case 'truncated-gzip': {
      const packed = gzipSync(plain);
      const half = packed.subarray(0, packed.length / 2);
      return { status, raw: half, headers: { 'content-encoding': 'gzip', ...headers } };
    }
  }
}

/**
 * Changes the real answer for the faults `upload-url` and `number-id`.
 *
 * @param answer - of the route
 */
export function altered(answer: Answer, fault: Fault | undefined): Answer {
  if (answer.status !== 200 || !fault) return answer;
  if (fault.kind === 'upload-url') return { ...answer, json: { data: fault.url } };
  if (fault.kind !== 'number-id') return answer;
  const epoch = epochOfDescriptor(answer.json);
  return epoch === undefined
    ? answer
    : { ...answer, json: { data: { type: 'analysis', id: epoch } } };
}

/** Returns the epoch in an analysis id: `u-<sha256>-<epoch>` or base64 of `md5:epoch`. */
function epochOfDescriptor(json: unknown): number | undefined {
  const id = /"type":"analysis","id":"([^"]+)"/.exec(JSON.stringify(json) ?? '')?.[1] ?? '';
  const epoch =
    /-([0-9]+)$/.exec(id)?.[1] ??
    /:([0-9]+)$/.exec(Buffer.from(id, 'base64').toString('latin1'))?.[1];
  return epoch === undefined ? undefined : Number(epoch);
}

/** Replaces `{apikey}` by the key of the request. */
export function withKey(text: string, key: string): string {
  return text.replaceAll('{apikey}', key);
}
