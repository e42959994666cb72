/** The form of the contract's cases, and what their expectations have in common. */

import type { Fault } from '@local/virustotal';
import { expect } from 'vitest';
import type { Operation } from '../../../shared/operations/catalogue.ts';

/** Fields of an input or an output. */
export type Fields = Readonly<Record<string, unknown>>;

/** What was submitted before, and is still being analysed. */
export interface Submitted {
  readonly fileScanId: string;
  readonly urlScanId: string;
  /** Version of `versioned.txt` that is not the current one. */
  readonly oldVersion: string;
  /** Key of a copy of an object that was not submitted yet; each time another. */
  copy(key: string): string;
}

/** One row of the table. */
export interface Case {
  readonly operation: Operation;
  readonly when: string;
  readonly input: Fields | ((submitted: Submitted) => Fields);
  /** Fields of the output that tell this case from others. */
  readonly expected: Fields;
  /** Upstream requests that it costs. */
  readonly requests: number;
  /** Upstream fault during the call. */
  readonly fault?: Fault;
}

/** Gives the rows their operation. */
export const of = (operation: Operation, rows: readonly Omit<Case, 'operation'>[]): Case[] =>
  rows.map((row) => ({ operation, ...row }));

/** `verbose_msg` of a submission. */
export const queued = 'Scan request successfully queued, come back later for the report';
/** `verbose_msg` of a running analysis. */
export const running = 'Your resource is queued for analysis';
/** `verbose_msg` of what is kept from VirusTotal. */
export const notSent = expect.stringMatching(/^Not sent to VirusTotal: /);
/** Fields of a report that engines have given opinions for. */
export const opinion = { positives: expect.any(Number), total: expect.any(Number) };
/** Fields of an answer without a report. */
export const noOpinion = { positives: null, total: null, aggregate: null, scan_date: null };
/** A list that was asked for. */
export const list = expect.any(Array);
