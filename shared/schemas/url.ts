/** Requests and outputs about URLs: `submit_url` and `url_reputation`. */
import * as z from 'zod/mini';
import { exactlyOneOf } from './alternatives.ts';
import { url, urlScanId } from './fields.ts';
import { answerFields, date, opinionFields, text, urlScan } from './report.ts';
import { verdict } from './verdict.ts';
import { verdictPolicy } from './verdict-policy.ts';

/** Input of `submit_url`. */
export const submitUrlRequest = z.strictObject({ url });

/** Output of `submit_url`. */
export const submitUrlOutput = z.object({
  resource: z.string().check(z.describe('The URL in canonical form.')),
  ...answerFields,
  permalink: text("Address of the analysis in VirusTotal's web interface."),
  url: z.string().check(z.describe('The URL in canonical form.')),
  scan_date: date('When the analysis was queued.'),
  scan_id: text('`<sha256>-<epoch>`: give it to url_reputation to poll this analysis.'),
});

/** Input of `url_reputation`: exactly one of the two. */
export const urlReputationRequest = z.pipe(
  z
    .strictObject({
      url: z.optional(url),
      scan_id: z.optional(urlScanId),
      policy: z.optional(verdictPolicy),
    })
    .check(exactlyOneOf('url', 'scan_id')),
  z.transform(({ url, scan_id, policy }, context) => {
    if (url && !scan_id) return { url, policy };
    if (scan_id && !url) return { scan_id, policy };
    context.issues.push({ code: 'custom', message: 'exactly one of them', input: undefined });
    return z.NEVER;
  }),
);

/** Output of `url_reputation`. */
export const urlReputationOutput = z.object({
  permalink: text("Address of the report in VirusTotal's web interface."),
  ...opinionFields,
  resource: z.string().check(z.describe('The URL or scan_id that was asked for.')),
  url: text('The URL in canonical form; null when asked by scan_id and unknown.'),
  scan_date: date('Date of the last analysis.'),
  scan_id: text('`<sha256>-<epoch>` of the last analysis.'),
  scans: z
    .record(z.string(), urlScan)
    .check(z.describe('Opinion by engine; engines without one (timeout) are left out.')),
  ...answerFields,
  verdict,
});

/** Input of `submit_url`. */
export type SubmitUrlRequest = z.infer<typeof submitUrlRequest>;
/** Output of `submit_url`. */
export type SubmitUrlOutput = z.infer<typeof submitUrlOutput>;
/** Input of `url_reputation`. */
export type UrlReputationRequest = z.infer<typeof urlReputationRequest>;
/** Output of `url_reputation`. */
export type UrlReputationOutput = z.infer<typeof urlReputationOutput>;
/** Output of `url_reputation` before the verdict is added. */
export type UrlReputationReport = Omit<UrlReputationOutput, 'verdict'>;
