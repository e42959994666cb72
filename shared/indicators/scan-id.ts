/** The ids of analyses: the predecessor's `<sha256>-<epoch>`, and VirusTotal's own forms. */
import { InvalidInputError } from '../errors.ts';
import { InvalidIndicator } from './invalid.ts';

/** What is known of any analysis that a caller asks for. */
interface Asked {
  /** As it was asked for, trimmed. */
  readonly asked: string;
  /** When the analysis was queued, epoch seconds. */
  readonly epoch: number;
}

/** The predecessor's form: the object is looked up by its SHA-256. */
export interface ObjectScanId extends Asked {
  /** SHA-256 of the file or of the canonical URL, lower case. */
  readonly sha256: string;
  readonly analysisId: null;
}

/** A form of VirusTotal's own: poll `GET /analyses/{analysisId}`. */
export interface AnalysisScanId extends Asked {
  /** SHA-256 of the canonical URL, lower case; null for a file, whose id holds the MD5 only. */
  readonly sha256: string | null;
  /** As VirusTotal spells it: padded base64, or lower-case `u-<sha256>-<epoch>`. */
  readonly analysisId: string;
}

/** An analysis that a caller asks for. */
export type ScanId = ObjectScanId | AnalysisScanId;

/** What is allowed for files, in words. */
export const FILE_SCAN_ID_FORMS =
  'a scan_id of submit_sample (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (base64 of md5:epoch)';

/** What is allowed for URLs, in words. */
export const URL_SCAN_ID_FORMS =
  'a scan_id of submit_url (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (u-<sha256>-<epoch seconds>)';

const V2_FORM = /^(?:([fu])-)?([0-9A-Fa-f]{64})-([1-9][0-9]{0,9})$/;
const BASE64 = /^[A-Za-z0-9+/_-]{40,400}={0,2}$/;
const NATIVE_FILE = /^[0-9A-Fa-f]{32}:([1-9][0-9]{0,9})(?::[\x21-\x7e]+)?$/;
const DIGEST = /^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/;

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
  if (DIGEST.test(asked)) throw new InvalidIndicator('it is a digest (give it as hash)');
  const native = parseNativeFileId(asked);
  if (native === null) throw new InvalidIndicator(UNKNOWN_FORM);
  return { asked, sha256: null, ...native };
}

/**
 * Parses the id of a URL's analysis.
 *
 * @throws InvalidIndicator
 */
export function parseUrlScanId(text: string): ScanId {
  const asked = text.trim();
  const v2 = V2_FORM.exec(asked);
  if (v2?.[1] === 'f' || parseNativeFileId(asked) !== null) {
    throw new InvalidIndicator('it is the id of the analysis of a file');
  }
  if (!v2?.[2] || !v2[3]) {
    const isUrl = /^https?:/i.test(asked);
    throw new InvalidIndicator(isUrl ? 'it is a URL (give it as url)' : UNKNOWN_FORM);
  }
  const known = { asked, sha256: v2[2].toLowerCase(), epoch: Number(v2[3]) };
  return v2[1] === 'u'
    ? { ...known, analysisId: `u-${known.sha256}-${known.epoch}` }
    : { ...known, analysisId: null };
}

const UNKNOWN_FORM = 'it has none of the known forms';

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
  return v2?.[3] ? Number(v2[3]) : (parseNativeFileId(text)?.epoch ?? null);
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

/** Base64, padded or not, of `md5:epoch`; private scanning adds a third part. */
function parseNativeFileId(text: string): { epoch: number; analysisId: string } | null {
  const decoded = BASE64.test(text) ? decodeBase64(text) : null;
  if (decoded === null) return null;
  const match = NATIVE_FILE.exec(decoded);
  return match?.[1] ? { epoch: Number(match[1]), analysisId: btoa(decoded) } : null;
}

function decodeBase64(text: string): string | null {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  } catch {
    return null;
  }
}
