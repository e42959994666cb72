/** Lists of related objects, https://docs.virustotal.com/reference/relationships. */
import * as z from 'zod/mini';
import { analysed, textOrNull } from './attributes.ts';
import { type EngineResults, engineResults } from './engine-results.ts';
import { isCut, more } from './page.ts';

/** An item of a list: a file or a URL. */
export interface RelatedObject {
  /** SHA-256 of a file; id of a URL. */
  readonly id: string;
  /** The canonical URL; null for a file. */
  readonly url: string | null;
  /** Epoch seconds. */
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
}

/** One page of a list of related objects. */
export interface RelatedPage {
  /** Without items that VirusTotal has deleted. */
  readonly objects: readonly RelatedObject[];
  /** Whether VirusTotal has more items. */
  readonly isCut: boolean;
}

const relatedObject = z.object({
  id: z.string().check(z.minLength(1)),
  attributes: z.object({ ...analysed, url: textOrNull }),
});

/** Answer to `GET /{collection}/{id}/{relationship}`; leaves out items without attributes, which are deleted. */
export const relatedObjects = z.pipe(
  z.object({ data: z.array(z.unknown()), ...more }),
  z.transform(
    (page): RelatedPage => ({
      objects: page.data.flatMap((item) => {
        const parsed = relatedObject.safeParse(item);
        if (!parsed.success) return [];
        const { id, attributes: a } = parsed.data;
        const results = engineResults(a.last_analysis_results, a.last_analysis_stats);
        return [{ id, url: a.url, lastAnalysisDate: a.last_analysis_date, results }];
      }),
      isCut: isCut(page),
    }),
  ),
);
