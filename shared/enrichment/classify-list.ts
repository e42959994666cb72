/** Classifies a list of indicators, cut to what one execution can carry. */
import { classify } from '../indicators/classify.ts';
import { InvalidIndicator } from '../indicators/invalid.ts';
import { ellipsis } from '../schema/ellipsis.ts';
import type { ClassifiedIndicator, ClassifiedIndicators } from './schema.ts';

/** Longest list. */
export const MAX_INDICATORS = 100;
/** Most bytes of all indicators as JSON: keeps the output with a hundred results below 200 KiB. */
export const MAX_LIST_BYTES = 40 * 1024;
/** Longest text that is repeated of an entry that is not an indicator, characters. */
const MAX_INVALID_LENGTH = 203;

/** How the indicators are looked up. */
type LookupOptions = Pick<ClassifiedIndicators, 'details' | 'cache'>;

/** Classifies a list. An entry that is not an indicator does not affect the others. */
export function classifyList(
  indicators: readonly unknown[],
  { details = 'summary', cache = 'use' }: Partial<LookupOptions> = {},
): ClassifiedIndicators {
  const items: ClassifiedIndicator[] = [];
  let bytes = 0;
  for (const entry of indicators.slice(0, MAX_INDICATORS)) {
    const item = classifyEntry(entry);
    bytes += new TextEncoder().encode(JSON.stringify(item.indicator)).length;
    if (bytes > MAX_LIST_BYTES) break;
    items.push(item);
  }
  const truncated = items.length < indicators.length ? ['indicators'] : [];
  return { items, details, cache, truncated };
}

function classifyEntry(entry: unknown): ClassifiedIndicator {
  if (typeof entry !== 'string') {
    return notAnIndicator(JSON.stringify(entry) ?? 'undefined', 'it is not a string');
  }
  try {
    const type = classify(entry);
    // The playbook and its callers know files by their hash.
    return { indicator: entry, type: type === 'file' ? 'hash' : type };
  } catch (error) {
    if (!(error instanceof InvalidIndicator)) throw error;
    return notAnIndicator(entry, error.message);
  }
}

function notAnIndicator(text: string, problem: string): ClassifiedIndicator {
  return {
    indicator: ellipsis(text, MAX_INVALID_LENGTH),
    type: 'none',
    reason: `${problem}; allowed: an MD5, SHA-1 or SHA-256, an IP address, a domain or a URL`,
  };
}
