/** `file_reputation`: looks up a file by digest, or an analysis by scan_id. */
import { checkScanIdNotInFuture } from '../../indicators/scan-id.ts';
import { cacheUse, type Limits } from '../../limits.ts';
import type { VerdictPolicy } from '../../verdict/policy-schema.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { toReputation } from '../common/reputation.ts';
import type { FileReputationRequest } from './input.ts';
import {
  type FileQuery,
  fileReputationFound,
  fileReputationFromAnalysis,
  fileReputationNotSent,
  fileReputationRunning,
  fileReputationUnknown,
} from './map.ts';
import type { FileReputationOutput } from './output.ts';

/** What the operation works with. */
export interface FileReputationServices {
  readonly virusTotal: Pick<VirusTotalClient, 'file' | 'analysis'>;
  readonly defaultPolicy: VerdictPolicy;
}

/** Answers `file_reputation`. */
export async function answerFileReputation(
  { virusTotal, defaultPolicy }: FileReputationServices,
  { hash, scan_id: scanId, policy = defaultPolicy, cache: mode }: FileReputationRequest,
  limits: Limits,
): Promise<FileReputationOutput> {
  const nowSeconds = Date.now() / 1000;
  if (scanId) checkScanIdNotInFuture(scanId, nowSeconds);
  const cache = cacheUse(mode, scanId?.epoch);
  const within = { ...limits, cache };
  const common = { type: 'file', policy, nowSeconds, cache } as const;
  if (scanId && scanId.analysisId !== null) {
    const query = { resource: scanId.original, scanId };
    const subject = { ...common, indicator: scanId.sha256 };
    return toReputation(await virusTotal.analysis(scanId.analysisId, within), subject, {
      found: (analysis) => fileReputationFromAnalysis(query, analysis),
      ...casesWithoutReport(query, nowSeconds),
    });
  }
  const [resource, digest] = hash ? [hash.original, hash.hex] : [scanId.original, scanId.sha256];
  const query = { resource, scanId: scanId ?? null };
  return toReputation(
    await virusTotal.file(digest, within),
    { ...common, indicator: digest },
    {
      found: (file) => fileReputationFound(query, file),
      ...casesWithoutReport(query, nowSeconds),
    },
  );
}

function casesWithoutReport(query: FileQuery, nowSeconds: number) {
  return {
    unknown: () => fileReputationUnknown(query, nowSeconds),
    running: () => fileReputationRunning(query),
    notSent: (why: string) => fileReputationNotSent(query, why),
  };
}
