/** The written forms of digests and scan_ids, in either case. */

/** An MD5, SHA-1 or SHA-256. */
export const DIGEST = /^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/;

/** A scan_id (`<sha256>-<epoch seconds>`), also with VirusTotal's prefix `f-` or `u-`: prefix, SHA-256, epoch. */
export const SCAN_ID = /^(?:([fu])-)?([0-9A-Fa-f]{64})-([1-9][0-9]{0,9})$/;

/** Whatever looks like a scan_id, so that it can be refused as one where another indicator is expected. */
export const LIKE_SCAN_ID = /^(?:[fu]-)?[0-9A-Fa-f]{64}-[0-9]+$/;
