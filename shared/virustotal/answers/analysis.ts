/** VirusTotal's analyses, https://docs.virustotal.com/reference/analyses-object. */
import * as z from 'zod/mini';
import { anything, epoch, sha256Id, textOrNull, tolerant } from './attributes.ts';
import { type EngineResults, engineResults, noResults } from './engine-results.ts';

/** An analysis, running or completed. */
export interface AnalysisObject {
  readonly isCompleted: boolean;
  /** When it was queued, epoch seconds. */
  readonly date: number | null;
  readonly results: EngineResults;
  /** SHA-256 of the file. */
  readonly fileSha256: string | null;
  /** SHA-256 of the canonical URL. */
  readonly urlSha256: string | null;
  /** The canonical URL. */
  readonly url: string | null;
}

/** Answer to `GET /analyses/{id}`. */
export const analysisObject = z.pipe(
  z.object({
    data: z.object({
      attributes: z.object({ date: epoch, status: z.string(), results: anything, stats: anything }),
      links: tolerant(z.object({ item: textOrNull })),
    }),
    meta: tolerant(
      z.object({
        file_info: tolerant(z.object({ sha256: tolerant(sha256Id) })),
        url_info: tolerant(z.object({ id: tolerant(sha256Id), url: textOrNull })),
      }),
    ),
  }),
  z.transform(({ data: { attributes: a, links }, meta }): AnalysisObject => {
    const isCompleted = a.status === 'completed';
    return {
      isCompleted,
      date: a.date,
      results: isCompleted ? engineResults(a.results, a.stats) : noResults,
      fileSha256: meta?.file_info?.sha256 ?? linkedFile(links?.item),
      urlSha256: meta?.url_info?.id ?? null,
      url: meta?.url_info?.url ?? null,
    };
  }),
);

/** Answers without `meta` link the file in `links.item`. */
function linkedFile(item: string | null | undefined): string | null {
  return /\/files\/([0-9A-Fa-f]{64})$/.exec(item ?? '')?.[1]?.toLowerCase() ?? null;
}

/** Answer to a submission: the id of its analysis, a string or, as recorded, a bare number. */
export interface AnalysisDescriptor {
  readonly id: string | number;
}

/** Schema of the answer to a submission. */
export const analysisDescriptor = z.pipe(
  z.object({ data: z.object({ id: z.union([z.string().check(z.minLength(1)), z.int()]) }) }),
  z.transform(({ data: { id } }): AnalysisDescriptor => ({ id })),
);

/** Answer to `GET /files/upload_url`. */
export const uploadUrl = z.pipe(
  z.object({ data: z.string() }),
  z.transform(({ data }) => data),
);
