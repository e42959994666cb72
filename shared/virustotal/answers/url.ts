/** VirusTotal's URL, https://docs.virustotal.com/reference/url-object. */
import * as z from 'zod/mini';
import { analysed, textOrNull } from './attributes.ts';
import { type EngineResults, engineResults } from './engine-results.ts';

/** A URL that VirusTotal knows. */
export interface UrlObject {
  /** SHA-256 of the canonical URL. */
  readonly sha256: string;
  /** The canonical URL. */
  readonly url: string | null;
  /** Epoch seconds; null while the first analysis runs. */
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
}

const ID = /^(?:u-)?([0-9A-Fa-f]{64})(?:-[0-9]+)?$/;

/** The SHA-256 of the canonical URL; also accepts the id of an analysis, which contains it. */
const urlId = z.pipe(
  z.string().check(z.regex(ID)),
  z.transform((id: string) => id.replace(ID, '$1').toLowerCase()),
);

/** Answer to `GET /urls/{id}`. */
export const urlObject = z.pipe(
  z.object({
    data: z.object({ id: urlId, attributes: z.object({ ...analysed, url: textOrNull }) }),
  }),
  z.transform(
    ({ data: { id, attributes: a } }): UrlObject => ({
      sha256: id,
      url: a.url,
      lastAnalysisDate: a.last_analysis_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
    }),
  ),
);
