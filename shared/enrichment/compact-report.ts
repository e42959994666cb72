/** Shortens a reputation to what a list of a hundred can hold of each. */
import { ellipsis, jsonBytes } from '../schema/ellipsis.ts';

/** Text fields, with the longest value that is kept, bytes within JSON: Step Functions limits those. */
const textFields: Readonly<Record<string, number>> = {
  scan_date: 20,
  cached_at: 20,
  permalink: 300,
  threat_label: 80,
  type_description: 60,
  country: 10,
  as_owner: 80,
};
const numberFields = ['response_code', 'positives', 'total', 'aggregate', 'asn'];

const MAX_REASONS = 2;
const MAX_REASON_BYTES = 120;

/** A short reputation, with those of the fields above that the report has. */
export interface CompactReport {
  readonly verdict: string | null;
  /** Reasons of the verdict, the decisive one first; two at most. */
  readonly reasons: readonly string[];
  readonly [field: string]: unknown;
}

/**
 * Shortens a report to at most 1,200 bytes of JSON.
 *
 * @param report - output of a reputation
 */
export function compactReport(report: Readonly<Record<string, unknown>>): CompactReport {
  const entries = Object.entries(report).flatMap(([name, value]) => {
    const limit = Object.hasOwn(textFields, name) ? textFields[name] : undefined;
    if (limit !== undefined) return [[name, shortText(value, limit)]];
    return numberFields.includes(name) ? [[name, value]] : [];
  });
  const { value, reasons } = verdictOf(report);
  const fields: Record<string, unknown> = Object.fromEntries(entries);
  return {
    ...fields,
    verdict: typeof value === 'string' ? value : null,
    reasons: Array.isArray(reasons)
      ? reasons
          .slice(0, MAX_REASONS)
          .map((reason) => ellipsis(String(reason), MAX_REASON_BYTES, jsonBytes))
      : [],
  };
}

function shortText(value: unknown, limit: number): string | null {
  return typeof value === 'string' ? ellipsis(value, limit, jsonBytes) : null;
}

function verdictOf({ verdict }: Readonly<Record<string, unknown>>): {
  readonly value?: unknown;
  readonly reasons?: unknown;
} {
  return typeof verdict === 'object' && verdict !== null ? verdict : {};
}
