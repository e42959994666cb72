/** URLs, as in `GET /urls/{id}`. */
import { siteResults, statsOf } from '../world/engines.ts';
import type { KnownUrl } from '../world/urls.ts';
import type { Verdict } from '../world/verdict.ts';
import { linkTo } from './links.ts';

/**
 * Returns the object of a URL.
 *
 * @param origin - of this simulator
 * @param reportDate - epoch seconds; null before the first report
 */
export function urlObject(origin: string, known: KnownUrl, reportDate: number | null) {
  return {
    id: known.id,
    type: 'url',
    links: { self: linkTo(origin, 'urls', known.id) },
    attributes: {
      url: known.url,
      tags: [],
      categories: {},
      reputation: 0,
      total_votes: { harmless: 0, malicious: 0 },
      times_submitted: known.timesSubmitted,
      first_submission_date: known.firstSubmitted,
      last_submission_date: known.lastSubmitted,
      last_modification_date: reportDate ?? known.lastSubmitted,
      ...(reportDate === null ? {} : visitOf(known, reportDate)),
    },
  };
}

function visitOf({ url, verdict }: KnownUrl, date: number) {
  return {
    last_final_url: url,
    last_http_response_code: 200,
    title: 'Simulated page',
    threat_names: [],
    ...siteReport(verdict, date),
  };
}

/** Returns the report of a URL, an IP address or a domain. */
export function siteReport(verdict: Verdict, date: number) {
  const results = siteResults(verdict);
  return {
    last_analysis_date: date,
    last_analysis_results: results,
    last_analysis_stats: statsOf(results, 'site'),
  };
}
