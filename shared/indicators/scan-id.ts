/** The ids of analyses: `<sha256>-<epoch>` as in VirusTotal's API v2, and the forms of API v3. */
import { InvalidInputError } from '../errors.ts';
import { InvalidIndicator } from './invalid.ts';
import { DIGEST, SCAN_ID } from './patterns.ts';

/** What every form of the id contains. */
interface AnyScanId {
  /** As the caller wrote it, trimmed. */
  readonly original: string;
  /** When the analysis was queued, epoch seconds. */
  readonly epoch: number;
}

/** The v2 form: the object is looked up by its SHA-256. */
export interface ObjectScanId extends AnyScanId {
  /** SHA-256 of the file or of the canonical URL, lower case. */
  readonly sha256: string;
  readonly analysisId: null;
}

/** A v3 form: the analysis is looked up with `GET /analyses/{analysisId}`. */
export interface AnalysisScanId extends AnyScanId {
  /** SHA-256 of the canonical URL, lower case; null for a file, whose id contains the MD5 only. */
  readonly sha256: string | null;
  /** As VirusTotal spells it: padded base64, or lower-case `u-<sha256>-<epoch>`. */
  readonly analysisId: string;
}

/** The id of an analysis. */
export type ScanId = ObjectScanId | AnalysisScanId;

/** What is allowed for files, in words. */
export const FILE_SCAN_ID_FORMS =
  'a scan_id of submit_sample (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (base64 of md5:epoch)';

/** What is allowed for URLs, in words. */
export const URL_SCAN_ID_FORMS =
  'a scan_id of submit_url (<sha256>-<epoch seconds>) or an analysis id of VirusTotal (u-<sha256>-<epoch seconds>)';

const BASE64 = /^[A-Za-z0-9+/_-]{40,400}={0,2}$/;
const NATIVE_FILE = /^[0-9A-Fa-f]{32}:([1-9][0-9]{0,9})(?::[\x21-\x7e]+)?$/;

/**
 * Parses the id of a file's analysis.
 *
 * @throws InvalidIndicator
 */
export function parseFileScanId(text: string): ScanId {
  const original = text.trim();
  const v2 = SCAN_ID.exec(original);
  if (v2?.[2] && v2[3]) {
    if (v2[1] === 'u') throw new InvalidIndicator('it is the id of the analysis of a URL');
    return { original, sha256: v2[2].toLowerCase(), epoch: Number(v2[3]), analysisId: null };
  }
  if (DIGEST.test(original)) throw new InvalidIndicator('it is a digest (pass it as hash)');
  const native = parseNativeFileId(original);
  if (native === null) throw new InvalidIndicator(UNKNOWN_FORM);
  return { original, sha256: null, ...native };
}

/**
 * Parses the id of a URL's analysis.
 *
 * @throws InvalidIndicator
 */
export function parseUrlScanId(text: string): ScanId {
  const original = text.trim();
  const v2 = SCAN_ID.exec(original);
  if (v2?.[1] === 'f' || parseNativeFileId(original) !== null) {
    throw new InvalidIndicator('it is the id of the analysis of a file');
  }
  if (!v2?.[2] || !v2[3]) {
    const isUrl = /^https?:/i.test(original);
    throw new InvalidIndicator(isUrl ? 'it is a URL (pass it as url)' : UNKNOWN_FORM);
  }
  const known = { original, sha256: v2[2].toLowerCase(), epoch: Number(v2[3]) };
  return v2[1] === 'u'
    ? { ...known, analysisId: `u-${known.sha256}-${known.epoch}` }
    : { ...known, analysisId: null };
}

const UNKNOWN_FORM = 'it has none of the known forms';

/** VirusTotal merges a resubmission into a running or recent analysis: its date may be older by this, seconds. */
export const MERGE_TOLERANCE_SECONDS = 60;

/** How far an epoch may lie in the future because clocks differ, seconds. */
const CLOCK_TOLERANCE_SECONDS = 5 * 60;

/**
 * Refuses a scan_id from the future.
 *
 * @param scanId - parsed
 * @param nowSeconds - epoch seconds
 * @throws InvalidInputError
 */
export function checkScanIdNotInFuture(scanId: ScanId, nowSeconds: number): void {
  if (scanId.epoch <= nowSeconds + CLOCK_TOLERANCE_SECONDS) return;
  throw new InvalidInputError(
    `scan_id: got "${scanId.original}", whose epoch ${scanId.epoch} is in the future; allowed: an epoch up to now (${Math.floor(nowSeconds)})`,
  );
}

/**
 * Returns the epoch in an analysis id of VirusTotal: base64 of `md5:epoch`, `u-<sha256>-<epoch>`, or a bare
 * number, which VirusTotal has returned too.
 *
 * @param analysisId - as VirusTotal returned it
 * @returns epoch seconds, or null when the form is unknown
 */
export function analysisEpoch(analysisId: string | number): number | null {
  const text = String(analysisId);
  if (/^[1-9][0-9]{0,9}$/.test(text)) return Number(text);
  const v2 = SCAN_ID.exec(text);
  return v2?.[3] ? Number(v2[3]) : (parseNativeFileId(text)?.epoch ?? null);
}

/**
 * Returns the scan_id in the v2 form.
 *
 * @param analysisId - as VirusTotal returned it
 * @param sha256 - SHA-256 of the file or of the canonical URL
 * @returns `<sha256>-<epoch>`; an id of unknown form unchanged
 */
export function toScanId(analysisId: string | number, sha256: string): string {
  const epoch = analysisEpoch(analysisId);
  return epoch === null ? String(analysisId) : `${sha256}-${epoch}`;
}

/** Returns the SHA-256 in the analysis id of a URL, or null when the form is unknown. */
export function urlSha256Of(analysisId: string | number): string | null {
  const match = typeof analysisId === 'string' ? SCAN_ID.exec(analysisId) : null;
  return match?.[2]?.toLowerCase() ?? null;
}

/** Decodes the base64 (padded or not) of `md5:epoch`; private scanning adds a third part. */
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
