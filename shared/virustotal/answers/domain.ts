/** VirusTotal's domain, https://docs.virustotal.com/reference/domains-object. */
import * as z from 'zod/mini';
import { analysed, anything, isText, textOrNull, tolerant, whole } from './attributes.ts';
import { type EngineResults, engineResults } from './engine-results.ts';
import { isCut, more } from './page.ts';

/** Names related to a domain, inline in its answer. */
export interface RelatedNames {
  readonly names: readonly string[];
  /** Whether VirusTotal has more names. */
  readonly isCut: boolean;
}

/** A domain that VirusTotal knows. */
export interface DomainObject {
  /** One per vendor; several vendors may agree. */
  readonly categories: readonly string[] | null;
  readonly whois: string | null;
  /** Epoch seconds. */
  readonly whoisDate: number | null;
  /** Epoch seconds. */
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
  readonly siblings: RelatedNames | null;
  readonly subdomains: RelatedNames | null;
}

const inlineNames = tolerant(z.object({ data: z.array(z.unknown()), ...more }));

/** Answer to `GET /domains/{domain}?relationships=siblings,subdomains`. */
export const domainObject = z.pipe(
  z.object({
    data: z.object({
      id: z.string(),
      attributes: z.object({
        ...analysed,
        categories: anything,
        whois: textOrNull,
        whois_date: whole,
      }),
      relationships: tolerant(z.object({ siblings: inlineNames, subdomains: inlineNames })),
    }),
  }),
  z.transform(
    ({ data: { attributes: a, relationships } }): DomainObject => ({
      categories: categoriesOf(a.categories),
      whois: a.whois,
      whoisDate: a.whois_date,
      lastAnalysisDate: a.last_analysis_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
      siblings: relatedNames(relationships?.siblings),
      subdomains: relatedNames(relationships?.subdomains),
    }),
  ),
);

/** `byVendor` has one category per vendor. */
function categoriesOf(byVendor: unknown): string[] | null {
  return typeof byVendor === 'object' && byVendor !== null
    ? Object.values(byVendor).filter(isText)
    : null;
}

function relatedNames(list: z.infer<typeof inlineNames> | undefined): RelatedNames | null {
  if (!list) return null;
  const names = list.data.flatMap((item) => {
    const id = typeof item === 'object' && item && 'id' in item ? item.id : undefined;
    return isText(id) ? [id] : [];
  });
  return { names, isCut: isCut(list) };
}
