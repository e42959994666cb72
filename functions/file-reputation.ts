/** `file_reputation`: VirusTotal's report on a digest, or the state of an analysis, and the verdict on it. */

import {
  type AnalysisScanId,
  checkScanIdNotInFuture,
  type ScanId,
} from '../shared/indicators/scan-id.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import type { Limits } from '../shared/limits.ts';
import { fileReputation as operation } from '../shared/operations/catalogue.ts';
import {
  fileReputationFound,
  fileReputationFromAnalysis,
  fileReputationRunning,
  fileReputationUnknown,
} from '../shared/operations/file-reputation/map.ts';
import type { FileReputationOutput } from '../shared/operations/file-reputation/output.ts';
import { openVirusTotal } from '../shared/services.ts';
import type { Judge } from '../shared/verdict/judge.ts';
import { judges } from '../shared/verdict/judges.ts';

const virusTotal = await openVirusTotal(process.env);
const judgeOf = judges('file', process.env);

/** Handler of `file_reputation`. */
export const handler = lambda(operation, async ({ hash, scan_id: scanId, policy }, limits) => {
  if (hash) {
    const asked = { resource: hash.asked, digest: hash.digest, wanted: null };
    return byDigest(asked, judgeOf(hash.digest, policy), limits);
  }
  checkScanIdNotInFuture(scanId, Date.now());
  const judge = judgeOf(scanId.sha256, policy);
  if (scanId.analysisId !== null) return byAnalysis(scanId, judge, limits);
  return byDigest({ resource: scanId.asked, digest: scanId.sha256, wanted: scanId }, judge, limits);
});

async function byDigest(
  { resource, digest, wanted }: { resource: string; digest: string; wanted: ScanId | null },
  judge: Judge,
  limits: Limits,
): Promise<FileReputationOutput> {
  const lookup = await virusTotal.file(digest, limits);
  if (lookup.status === 'found') {
    return judge(fileReputationFound(resource, lookup.object, wanted), lookup.object);
  }
  return lookup.status === 'unknown'
    ? judge(fileReputationUnknown(resource, wanted, Date.now() / 1000))
    : judge(fileReputationRunning(resource, wanted));
}

async function byAnalysis(
  wanted: AnalysisScanId,
  judge: Judge,
  limits: Limits,
): Promise<FileReputationOutput> {
  const { asked, analysisId } = wanted;
  const lookup = await virusTotal.analysis(analysisId, limits);
  if (lookup.status === 'found') {
    return judge(fileReputationFromAnalysis(asked, lookup.object, wanted), lookup.object);
  }
  return lookup.status === 'unknown'
    ? judge(fileReputationUnknown(asked, wanted, Date.now() / 1000))
    : judge(fileReputationRunning(asked, wanted));
}
