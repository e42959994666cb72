/** A list of indicators, each with its type, cut to what one execution can carry. */
import { classify } from '../indicators/classify.ts';
import { InvalidIndicator } from '../indicators/invalid.ts';
import type { ClassifiedIndicator, ClassifiedIndicators } from './schema.ts';

/** Most indicators of a list. */
export const MAX_INDICATORS = 100;
/** Most bytes of all of them, as JSON: with a hundred results the output stays under 200 KiB. */
export const MAX_LIST_BYTES = 40 * 1024;
/** Longest text that is shown of what is no indicator, characters. */
const MAX_SHOWN = 200;

/** Classifies a list; one bad entry is said to be so, and does not spoil the others. */
export function classifyList(
  indicators: readonly unknown[],
  details: 'full' | 'summary' = 'summary',
): ClassifiedIndicators {
  const items: ClassifiedIndicator[] = [];
  let bytes = 0;
  for (const one of indicators.slice(0, MAX_INDICATORS)) {
    const item = classifyOne(one);
    bytes += new TextEncoder().encode(JSON.stringify(item.indicator)).length;
    if (bytes > MAX_LIST_BYTES) break;
    items.push(item);
  }
  const truncated = items.length < indicators.length ? ['indicators'] : [];
  return { items, details, truncated };
}

function classifyOne(given: unknown): ClassifiedIndicator {
  if (typeof given !== 'string') {
    return none(JSON.stringify(given) ?? 'undefined', 'it is not a text');
  }
  try {
    return { indicator: given, type: classify(given), reason: null };
  } catch (error) {
    if (!(error instanceof InvalidIndicator)) throw error;
    return none(given, error.message);
  }
}

function none(text: string, reason: string): ClassifiedIndicator {
  const indicator = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
  const allowed = 'an MD5, SHA-1 or SHA-256, an IP address, a domain or a URL';
  return { indicator, type: 'none', reason: `${reason}; allowed: ${allowed}` };
}
