/** Waits for the report of a submitted file. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiFetch } from '../api-fetch.ts';

/** The first scan has failed; the message names the step and the reason. */
export class FirstScanError extends Error {
  override readonly name = 'FirstScanError';
}

/** How long to wait for the report, milliseconds; the real service may take minutes. */
const PATIENCE_MS = 10 * 60 * 1000;

/** How to wait, and call the API. */
export interface ReportWaitOptions {
  /** Time between two requests for the report, milliseconds. */
  readonly pollMs: number;
  /** Speed of the clock that `Retry-After` is measured by. */
  readonly speed: number;
  /** Calls the API. */
  readonly fetch: ApiFetch;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** The fields of a report that are shown. */
export interface Report {
  readonly response_code: number;
  readonly verbose_msg: string;
  readonly scan_id: string | null;
  readonly positives: number | null;
  readonly total: number | null;
  readonly aggregate: number | null;
  readonly permalink: string | null;
  readonly threat_label?: string | null;
}

/**
 * Requests a report until it is there. Waits as long as `Retry-After` says when the quota is used up.
 *
 * @throws FirstScanError after ten minutes, or for an error
 */
export async function waitForReport(
  url: string,
  { pollMs, speed, fetch, signal }: ReportWaitOptions,
): Promise<Report> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(url, { signal });
    const isThrottled = response.status === 429;
    const report = isThrottled ? await response.body?.cancel() : await readAnswer(response);
    if (report?.response_code === 1) return report;
    if (Date.now() > giveUpAt) {
      throw new FirstScanError(`no report after ten minutes: ${report?.verbose_msg ?? 'HTTP 429'}`);
    }
    const retryAfterMs = (Number(response.headers.get('retry-after')) * 1000) / speed;
    await sleep(isThrottled ? Math.max(pollMs, retryAfterMs) : pollMs, undefined, { signal });
  }
}

/**
 * Reads an answer.
 *
 * @throws FirstScanError when it is an error
 */
export async function readAnswer(response: Response): Promise<Report> {
  const body = await response.text();
  if (response.ok) return JSON.parse(body);
  throw new FirstScanError(`${response.url}: HTTP ${response.status} ${body}`);
}
