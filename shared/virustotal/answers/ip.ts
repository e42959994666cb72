/** VirusTotal's IP address, https://docs.virustotal.com/reference/ip-object. */
import * as z from 'zod/mini';
import { analysed, textOrNull, whole } from './attributes.ts';
import { type EngineResults, engineResults } from './engine-results.ts';

/** An IP address that VirusTotal knows. */
export interface IpObject {
  readonly asOwner: string | null;
  readonly asn: number | null;
  readonly country: string | null;
  /** Epoch seconds. */
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
}

/** Answer to `GET /ip_addresses/{ip}`. */
export const ipObject = z.pipe(
  z.object({
    data: z.object({
      id: z.string(),
      attributes: z.object({ ...analysed, as_owner: textOrNull, asn: whole, country: textOrNull }),
    }),
  }),
  z.transform(
    ({ data: { attributes: a } }): IpObject => ({
      asOwner: a.as_owner,
      asn: a.asn,
      country: a.country,
      lastAnalysisDate: a.last_analysis_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
    }),
  ),
);
