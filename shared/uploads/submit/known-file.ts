/** Answers for a file that VirusTotal knows: with its report, or with a new analysis if the report is old. */
import { ApiKeyError, ConnectorError } from '../../errors.ts';
import { analysisEpoch } from '../../indicators/scan-id.ts';
import type { Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { submitFileKnown, submitFileQueued } from '../../operations/submit-file/map.ts';
import type { FileObject } from '../../virustotal/answers/index.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { mayHaveArrived } from '../../virustotal/submissions.ts';
import type { Digests } from './digests.ts';
import type { Submitted } from './send-object.ts';

const DAY_SECONDS = 86_400;

/** Returns the age of a file's report, days; 0 while its first analysis runs. */
export function reportAgeDays({ lastAnalysisDate }: FileObject, nowMs: number): number {
  return lastAnalysisDate === null ? 0 : (nowMs / 1000 - lastAnalysisDate) / DAY_SECONDS;
}

/**
 * Requests a new analysis of a file. If VirusTotal refuses it, the old report stands, with the reason.
 *
 * @throws ApiKeyError, and errors that a retry may resolve
 */
export async function refreshReport(
  virusTotal: Pick<VirusTotalClient, 'reanalyseFile' | 'forgetFile'>,
  digests: Digests,
  file: FileObject,
  limits: Limits,
): Promise<Submitted> {
  try {
    const { id } = await virusTotal.reanalyseFile(digests.sha256, limits);
    await virusTotal.forgetFile(Object.values(digests), analysisEpoch(id), limits);
    return { kind: 'submitted', output: submitFileQueued(digests, id) };
  } catch (error) {
    if (mayHaveArrived(error)) await virusTotal.forgetFile(Object.values(digests), null, limits);
    if (!isRefusal(error)) throw error;
    logger.warn('re-analysis refused', { error });
    const reason = `the report is old, but VirusTotal refused a new analysis: ${error.message}`;
    return { kind: 'known', output: submitFileKnown(digests, file, reason), reason };
  }
}

function isRefusal(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && !error.retryable && !(error instanceof ApiKeyError);
}
