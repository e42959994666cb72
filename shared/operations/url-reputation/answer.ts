/** `url_reputation`: looks up a URL, or an analysis by scan_id. */
import { whyHostNotSent } from '../../indicators/not-sent.ts';
import { checkScanIdNotInFuture, type ScanId } from '../../indicators/scan-id.ts';
import { type CacheUse, cacheUse, type Limits } from '../../limits.ts';
import type { VerdictPolicy } from '../../verdict/policy-schema.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { notSent, toReputation } from '../common/reputation.ts';
import type { UrlReputationRequest } from './input.ts';
import {
  type UrlQuery,
  urlReputationFound,
  urlReputationFromAnalysis,
  urlReputationNotSent,
  urlReputationRunning,
  urlReputationUnknown,
} from './map.ts';
import type { UrlReputationOutput } from './output.ts';

/** What the operation works with. */
export interface UrlReputationServices {
  readonly virusTotal: Pick<VirusTotalClient, 'url' | 'urlById' | 'analysis'>;
  readonly defaultPolicy: VerdictPolicy;
}

/** Answers `url_reputation`. */
export async function answerUrlReputation(
  { virusTotal, defaultPolicy }: UrlReputationServices,
  { url: asUrl, scan_id: scanId, policy = defaultPolicy, cache: mode }: UrlReputationRequest,
  limits: Limits,
): Promise<UrlReputationOutput> {
  const cache = cacheUse(mode, scanId?.epoch);
  const within = { ...limits, cache };
  if (scanId) return answerByScanId(virusTotal, scanId, { policy, cache }, within);
  const { url, host } = asUrl;
  const query = { resource: url, url, scanId: null };
  const nowSeconds = Date.now() / 1000;
  const subject = { type: 'url', indicator: url, policy, nowSeconds, cache } as const;
  const reason = whyHostNotSent(host);
  if (reason) return notSent(urlReputationNotSent(query, reason), subject);
  return toReputation(await virusTotal.url(url, within), subject, {
    found: (object) => urlReputationFound(query, object),
    ...casesWithoutReport(query, nowSeconds),
  });
}

async function answerByScanId(
  virusTotal: UrlReputationServices['virusTotal'],
  scanId: ScanId,
  { policy, cache }: { policy: VerdictPolicy; cache: CacheUse },
  limits: Limits,
): Promise<UrlReputationOutput> {
  const nowSeconds = Date.now() / 1000;
  checkScanIdNotInFuture(scanId, nowSeconds);
  const query = { resource: scanId.original, url: null, scanId };
  const subject = { type: 'url', indicator: null, policy, nowSeconds, cache } as const;
  if (scanId.analysisId === null) {
    return toReputation(await virusTotal.urlById(scanId.sha256, limits), subject, {
      found: (object) => urlReputationFound(query, object),
      ...casesWithoutReport(query, nowSeconds),
    });
  }
  return toReputation(await virusTotal.analysis(scanId.analysisId, limits), subject, {
    found: (analysis) => urlReputationFromAnalysis(query, analysis),
    ...casesWithoutReport(query, nowSeconds),
  });
}

function casesWithoutReport(query: UrlQuery, nowSeconds: number) {
  return {
    unknown: () => urlReputationUnknown(query, nowSeconds),
    running: () => urlReputationRunning(query),
    notSent: (why: string) => urlReputationNotSent(query, why),
  };
}
