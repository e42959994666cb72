/** The ids of analyses: the predecessor's `<sha256>-<epoch>`, and VirusTotal's own forms. */
import { InvalidInputError } from '../errors.ts';
import { InvalidIndicator } from './invalid.ts';

/** An analysis that a caller asks for. */
export interface ScanId {
  /** As it was asked for, trimmed. */
  readonly asked: string;
  /** SHA-256 of the file or of the canonical URL, lower case; null when the id does not tell. */
  readonly sha256: string | null;
  /** When the analysis was queued, epoch seconds. */
  readonly epoch: number;
  /** Set for VirusTotal's own ids: poll `GET /analyses/{id}`. */
  readonly analysisId: string | null;
}

/** What is allowed for files, in words. */
export const FILE_SCAN_ID_FORMS =
  'a scan_id of submit_sample (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (base64 of md5:epoch)';

/** What is allowed for URLs, in words. */
export const URL_SCAN_ID_FORMS =
  'a scan_id of submit_url (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (u-<sha256>-<epoch seconds>)';

const V2_FORM = /^(?:([fu])-)?([0-9A-Fa-f]{64})-([1-9][0-9]{0,9})$/;
const BASE64 = /^[A-Za-z0-9+/_-]{40,400}={0,2}$/;
const NATIVE_FILE = /^([0-9a-f]{32}):([1-9][0-9]{0,9})(?::[\x21-\x7e]+)?$/;

/**
 * Parses the id of a file's analysis.
 *
 * @throws InvalidIndicator
 */
export function parseFileScanId(text: string): ScanId {
  const asked = text.trim();
  const v2 = V2_FORM.exec(asked);
  if (v2?.[2] && v2[3]) {
    if (v2[1] === 'u') throw new InvalidIndicator('it is the id of the analysis of a URL');
    return { asked, sha256: v2[2].toLowerCase(), epoch: Number(v2[3]), analysisId: null };
  }
  const epoch = nativeFileEpoch(asked);
  if (epoch === null) throw new InvalidIndicator('it has none of the known forms');
  return { asked, sha256: null, epoch, analysisId: asked };
}

/**
 * Parses the id of a URL's analysis.
 *
 * @throws InvalidIndicator
 */
export function parseUrlScanId(text: string): ScanId {
  const asked = text.trim();
  const v2 = V2_FORM.exec(asked);
  if (!v2?.[2] || !v2[3]) {
    const isFile = nativeFileEpoch(asked) !== null;
    throw new InvalidIndicator(
      isFile ? 'it is the id of the analysis of a file' : 'it has none of the known forms',
    );
  }
  if (v2[1] === 'f') throw new InvalidIndicator('it is the id of the analysis of a file');
  const analysisId = v2[1] === 'u' ? asked : null;
  return { asked, sha256: v2[2].toLowerCase(), epoch: Number(v2[3]), analysisId };
}

/** An analysis cannot have been queued in the future; clocks may differ by this much, milliseconds. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

/**
 * Refuses a scan_id from the future.
 *
 * @param scanId - parsed
 * @param nowMs - epoch milliseconds
 * @throws InvalidInputError
 */
export function checkScanIdNotInFuture(scanId: ScanId, nowMs: number): void {
  if (scanId.epoch * 1000 <= nowMs + CLOCK_TOLERANCE_MS) return;
  throw new InvalidInputError(
    `scan_id: got "${scanId.asked}", whose epoch ${scanId.epoch} is in the future; allowed: an epoch up to now (${Math.floor(nowMs / 1000)})`,
  );
}

/**
 * The epoch that an analysis id of VirusTotal carries: base64 of `md5:epoch`, `u-<sha256>-<epoch>`,
 * or a bare number, as recorded.
 *
 * @param analysisId - as VirusTotal gave it
 * @returns epoch seconds, or null when the form is unknown
 */
export function epochOf(analysisId: string | number): number | null {
  const text = String(analysisId);
  if (/^[1-9][0-9]{0,9}$/.test(text)) return Number(text);
  const v2 = V2_FORM.exec(text);
  return v2?.[3] ? Number(v2[3]) : nativeFileEpoch(text);
}

/**
 * The scan_id in the predecessor's form.
 *
 * @param analysisId - as VirusTotal gave it
 * @param sha256 - of the file or of the canonical URL
 * @returns `<sha256>-<epoch>`; an id of unknown form unchanged
 */
export function toScanId(analysisId: string | number, sha256: string): string {
  const epoch = epochOf(analysisId);
  return epoch === null ? String(analysisId) : `${sha256}-${epoch}`;
}

/** The SHA-256 in the analysis id of a URL, or null when the form is unknown. */
export function urlSha256Of(analysisId: string | number): string | null {
  const match = typeof analysisId === 'string' ? V2_FORM.exec(analysisId) : null;
  return match?.[2]?.toLowerCase() ?? null;
}

function nativeFileEpoch(text: string): number | null {
  if (!BASE64.test(text)) return null;
  let decoded: string;
  try {
    decoded = atob(text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  } catch {
    return null;
  }
  const match = NATIVE_FILE.exec(decoded);
  return match?.[2] ? Number(match[2]) : null;
}
