/** What VirusTotal refuses and answers in tests of playbooks, as faults of the simulator. */
import { createHash } from 'node:crypto';
import type { Fault } from '@local/virustotal';

/** SHA-256 of a text, as VirusTotal names files, and URLs in canonical form. */
export function sha256Of(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** MD5 of a file, as S3 has it for an ETag. */
export function md5Of(content: string | Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

/** Which requests. */
export type Asked = Pick<Fault, 'match'>;

/** What VirusTotal is asked. @param path - under `/api/v3`, whole */
export function at(method: 'GET' | 'POST', path: string): Asked {
  return { match: { method, path: `^${RegExp.escape(path)}$` } };
}

/** Look-ups of a file, by MD5 or by SHA-256. */
export function lookUpOf(content: string | Uint8Array): Required<Asked> {
  return { match: { method: 'GET', path: `^/files/(?:${md5Of(content)}|${sha256Of(content)})$` } };
}

/** VirusTotal's refusals, for requests to come; a look-up is repeated within an invocation, up to 3 times. */
export const refusals = {
  unavailable: (match: Asked, invocations = 1): Fault => ({
    ...match,
    kind: 'answer',
    status: 503,
    times: invocations * (match.match?.method === 'GET' ? 3 : 1),
  }),
  /** Longer than what is waited for within an invocation. */
  quota: (match: Asked, times: Fault['times'] = 1, retryAfter = 6): Fault => ({
    ...match,
    kind: 'quota-exceeded',
    retryAfter,
    times,
  }),
  unknown: (match: Asked): Fault => ({ ...match, kind: 'answer', status: 404 }),
  forbidden: (match: Asked): Fault => ({ ...match, kind: 'answer', status: 403 }),
  /** It echoes the key, as VirusTotal does. */
  wrongKey: (match: Asked): Fault => ({
    ...match,
    kind: 'answer',
    status: 401,
    message: 'Wrong API key: {apikey}',
  }),
  notJson: (match: Asked): Fault => ({
    ...match,
    kind: 'answer',
    status: 200,
    body: 'html',
  }),
  notYet: (match: Asked, times: Fault['times'] = 1): Fault => ({
    ...match,
    kind: 'not-available-yet',
    times,
  }),
} as const;

/** Retry-After of a spent day, and one that is longer than what is waited for, seconds. */
export const spentDay = [3_700, 100_000] as const;

/** More than a state may give, within what the client reads. */
const LONG = 'x'.repeat(300_000);

/** Of reports that every scan_id of a test waits for, epoch seconds: in 2033. */
const LATER = 2_000_000_000;

/** Answers that make an output of more than 256 KiB. */
export const longAnswers = {
  analysis: { data: { type: 'analysis', id: LONG } },
  file: (sha256: string) =>
    objectOf('file', sha256, { last_analysis_date: LATER, type_description: LONG }),
  url: (url: string) =>
    objectOf('url', sha256Of(url), {
      url,
      last_analysis_date: LATER,
      last_analysis_results: { Engine: { category: 'malicious', result: LONG } },
    }),
  ip: (ip: string) => objectOf('ip_address', ip, { as_owner: LONG }),
  domain: (domain: string) => objectOf('domain', domain, { whois: LONG }),
} as const;

function objectOf(type: string, id: string, attributes: Readonly<Record<string, unknown>>) {
  return { data: { type, id, attributes } };
}

/** An answer in place of the real one. */
export function instead(match: Asked, json: unknown): Fault {
  return { ...match, kind: 'answer', status: 200, json };
}
