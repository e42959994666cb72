/** A reputation in short: what a list of a hundred can carry of each. */

/** Longest text by field, bytes within JSON: a state's data is counted so. */
const texts: Readonly<Record<string, number>> = {
  scan_date: 20,
  permalink: 300,
  threat_label: 80,
  type_description: 60,
  country: 10,
  as_owner: 80,
};
const numbers = ['response_code', 'positives', 'total', 'aggregate', 'asn'];

/** A reputation in short; what the whole one does not have is left out. */
export interface CompactReport {
  readonly verdict: string | null;
  /** Why, in sentences, the decisive one first; two at most. */
  readonly reasons: readonly string[];
  readonly [field: string]: unknown;
}

/**
 * Shortens a report: at most 1,200 bytes of JSON.
 *
 * @param report - output of a reputation
 */
export function compactReport(report: Readonly<Record<string, unknown>>): CompactReport {
  const short = Object.entries(report).flatMap(([name, value]) => {
    const limit = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (limit !== undefined) return [[name, typeof value === 'string' ? cut(value, limit) : null]];
    return numbers.includes(name) ? [[name, value]] : [];
  });
  const { value, reasons } = verdictOf(report);
  const fields: Record<string, unknown> = Object.fromEntries(short);
  return {
    ...fields,
    verdict: typeof value === 'string' ? value : null,
    reasons: Array.isArray(reasons)
      ? reasons.slice(0, 2).map((text) => cut(String(text), 120))
      : [],
  };
}

function verdictOf({ verdict }: Readonly<Record<string, unknown>>): {
  readonly value?: unknown;
  readonly reasons?: unknown;
} {
  return typeof verdict === 'object' && verdict !== null ? verdict : {};
}

function cut(text: string, limit: number): string {
  if (bytesOf(text) <= limit) return text;
  let short = '';
  let bytes = 3;
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > limit) break;
    short += character;
  }
  return `${short}...`;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length - 2;
}
