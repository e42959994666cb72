/** `file_reputation`: VirusTotal's report on a digest, or the state of an analysis. */
import type { Call } from '../shared/call.ts';
import {
  type AnalysisScanId,
  checkScanIdNotInFuture,
  type ScanId,
} from '../shared/indicators/scan-id.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { fileReputation as operation } from '../shared/operations.ts';
import {
  fileReputationFound,
  fileReputationFromAnalysis,
  fileReputationRunning,
  fileReputationUnknown,
} from '../shared/report/file-reputation.ts';
import type { FileReputationOutput } from '../shared/schemas/file.ts';
import { createServices } from '../shared/services.ts';

const { virusTotal } = createServices(process.env);

/** Handler of `file_reputation`. */
export const handler = lambda(operation, async ({ hash, scan_id: scanId }, call) => {
  if (hash) return byDigest(hash.asked, hash.digest, null, call);
  checkScanIdNotInFuture(scanId, Date.now());
  return scanId.analysisId === null
    ? byDigest(scanId.asked, scanId.sha256, scanId, call)
    : byAnalysis(scanId, call);
});

async function byDigest(
  resource: string,
  digest: string,
  wanted: ScanId | null,
  call: Call,
): Promise<FileReputationOutput> {
  const lookup = await virusTotal.file(digest, call);
  if (lookup.status === 'found') return fileReputationFound(resource, lookup.object, wanted);
  return lookup.status === 'unknown'
    ? fileReputationUnknown(resource, wanted, Date.now() / 1000)
    : fileReputationRunning(resource, wanted);
}

async function byAnalysis(wanted: AnalysisScanId, call: Call): Promise<FileReputationOutput> {
  const { asked, analysisId } = wanted;
  const lookup = await virusTotal.analysis(analysisId, call);
  if (lookup.status === 'found') return fileReputationFromAnalysis(asked, lookup.object, wanted);
  return lookup.status === 'unknown'
    ? fileReputationUnknown(asked, wanted, Date.now() / 1000)
    : fileReputationRunning(asked, wanted);
}
