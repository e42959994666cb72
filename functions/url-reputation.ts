/** `url_reputation`: VirusTotal's report on a URL, or the state of an analysis, and the verdict on it. */

import { whyHostNotSent } from '../shared/indicators/not-sent.ts';
import { checkScanIdNotInFuture, type ScanId } from '../shared/indicators/scan-id.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import type { Limits } from '../shared/limits.ts';
import { urlReputation as operation } from '../shared/operations/catalogue.ts';
import {
  type AskedUrl,
  urlReputationFound,
  urlReputationFromAnalysis,
  urlReputationNotSent,
  urlReputationRunning,
  urlReputationUnknown,
} from '../shared/operations/url-reputation/map.ts';
import type { UrlReputationOutput } from '../shared/operations/url-reputation/output.ts';
import { openVirusTotal } from '../shared/services.ts';
import type { Judge } from '../shared/verdict/judge.ts';
import { judges } from '../shared/verdict/judges.ts';
import type { UrlObject } from '../shared/virustotal/answers/index.ts';
import type { Lookup } from '../shared/virustotal/lookups.ts';

const virusTotal = await openVirusTotal(process.env);
const judgeOf = judges('url', process.env);

/** Handler of `url_reputation`. */
export const handler = lambda(operation, async (input, limits) => {
  if (input.scan_id) return byScanId(input.scan_id, judgeOf(null, input.policy), limits);
  const { url, host } = input.url;
  const judge = judgeOf(url, input.policy);
  const asked = { resource: url, url, wanted: null };
  const why = whyHostNotSent(host);
  if (why) return judge(urlReputationNotSent(asked, why), 'not-sent');
  return answer(asked, await virusTotal.url(url, limits), judge);
});

async function byScanId(
  wanted: ScanId,
  judge: Judge,
  limits: Limits,
): Promise<UrlReputationOutput> {
  checkScanIdNotInFuture(wanted, Date.now());
  const asked = { resource: wanted.asked, url: null, wanted };
  if (wanted.analysisId === null) {
    return answer(asked, await virusTotal.urlById(wanted.sha256, limits), judge);
  }
  const lookup = await virusTotal.analysis(wanted.analysisId, limits);
  return lookup.status === 'found'
    ? judge(urlReputationFromAnalysis(asked, lookup.object), lookup.object)
    : answer(asked, lookup, judge);
}

function answer(asked: AskedUrl, lookup: Lookup<UrlObject>, judge: Judge): UrlReputationOutput {
  if (lookup.status === 'found') {
    return judge(urlReputationFound(asked, lookup.object), lookup.object);
  }
  return lookup.status === 'unknown'
    ? judge(urlReputationUnknown(asked, Date.now() / 1000))
    : judge(urlReputationRunning(asked));
}
