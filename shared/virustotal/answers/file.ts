/** VirusTotal's file, https://docs.virustotal.com/reference/files. */
import * as z from 'zod/mini';
import { analysed, epoch, sha256Id, textOrNull, tolerant } from './attributes.ts';
import { type EngineResults, engineResults } from './engine-results.ts';

/** A file that VirusTotal knows. */
export interface FileObject {
  readonly sha256: string;
  readonly md5: string | null;
  readonly sha1: string | null;
  /** Epoch seconds; null while the first analysis runs. */
  readonly lastAnalysisDate: number | null;
  /** Epoch seconds. */
  readonly lastSubmissionDate: number | null;
  /** Epoch seconds. */
  readonly firstSubmissionDate: number | null;
  readonly results: EngineResults;
  readonly threatLabel: string | null;
  readonly typeDescription: string | null;
}

/** Answer to `GET /files/{id}`. */
export const fileObject = z.pipe(
  z.object({
    data: z.object({
      id: sha256Id,
      attributes: z.object({
        ...analysed,
        md5: textOrNull,
        sha1: textOrNull,
        first_submission_date: epoch,
        last_submission_date: epoch,
        type_description: textOrNull,
        popular_threat_classification: tolerant(z.object({ suggested_threat_label: textOrNull })),
      }),
    }),
  }),
  z.transform(
    ({ data: { id, attributes: a } }): FileObject => ({
      sha256: id,
      md5: a.md5,
      sha1: a.sha1,
      lastAnalysisDate: a.last_analysis_date,
      lastSubmissionDate: a.last_submission_date,
      firstSubmissionDate: a.first_submission_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
      threatLabel: a.popular_threat_classification?.suggested_threat_label ?? null,
      typeDescription: a.type_description,
    }),
  ),
);
