/** `url_reputation`: VirusTotal's report on a URL, or the state of an analysis. */
import type { Call } from '../shared/call.ts';
import { whyHostNotSent } from '../shared/indicators/not-sent.ts';
import { checkScanIdNotInFuture, type ScanId } from '../shared/indicators/scan-id.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { urlReputation as operation } from '../shared/operations.ts';
import {
  type AskedUrl,
  urlReputationFound,
  urlReputationFromAnalysis,
  urlReputationNotSent,
  urlReputationRunning,
  urlReputationUnknown,
} from '../shared/report/url-reputation.ts';
import type { UrlReputationOutput } from '../shared/schemas/url.ts';
import type { UrlObject } from '../shared/schemas/virustotal.ts';
import { createServices } from '../shared/services.ts';
import type { Lookup } from '../shared/virustotal/lookups.ts';

const { virusTotal } = createServices(process.env);

/** Handler of `url_reputation`. */
export const handler = lambda(operation, async (input, call) => {
  if (input.scan_id) return byScanId(input.scan_id, call);
  const { url, host } = input.url;
  const asked = { resource: url, url, wanted: null };
  const why = whyHostNotSent(host);
  return why ? urlReputationNotSent(asked, why) : answer(asked, await virusTotal.url(url, call));
});

async function byScanId(wanted: ScanId, call: Call): Promise<UrlReputationOutput> {
  checkScanIdNotInFuture(wanted, Date.now());
  const asked = { resource: wanted.asked, url: null, wanted };
  if (wanted.analysisId === null) {
    return answer(asked, await virusTotal.urlById(wanted.sha256, call));
  }
  const lookup = await virusTotal.analysis(wanted.analysisId, call);
  return lookup.status === 'found'
    ? urlReputationFromAnalysis(asked, lookup.object)
    : answer(asked, lookup);
}

function answer(asked: AskedUrl, lookup: Lookup<UrlObject>): UrlReputationOutput {
  if (lookup.status === 'found') return urlReputationFound(asked, lookup.object);
  return lookup.status === 'unknown'
    ? urlReputationUnknown(asked, Date.now() / 1000)
    : urlReputationRunning(asked);
}
