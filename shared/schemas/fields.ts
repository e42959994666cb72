/** The fields of the requests: each takes what a caller may write and yields a parsed indicator. */
import * as z from 'zod/mini';
import { DOMAIN_FORMS, parseDomain } from '../indicators/domain.ts';
import { DIGEST_FORMS, parseDigest } from '../indicators/hash.ts';
import { InvalidIndicator } from '../indicators/invalid.ts';
import { IP_FORMS, parseIpAddress } from '../indicators/ip-address.ts';
import {
  FILE_SCAN_ID_FORMS,
  parseFileScanId,
  parseUrlScanId,
  URL_SCAN_ID_FORMS,
} from '../indicators/scan-id.ts';
import { MAX_DEFANGING, MAX_URL_LENGTH, parseUrl, URL_FORMS } from '../indicators/url.ts';

/** A field whose text is parsed; the description says what is allowed, for messages and documents alike. */
function parsed<T>(parse: (text: string) => T, allowed: string, maxLength: number) {
  const field = z.string().check(z.minLength(1), z.maxLength(maxLength), z.describe(allowed));
  return z
    .pipe(
      field,
      z.transform((text: string, context): T => {
        try {
          return parse(text);
        } catch (error) {
          if (!(error instanceof InvalidIndicator)) throw error;
          context.issues.push({ code: 'custom', message: error.message, input: text });
          return z.NEVER;
        }
      }),
    )
    .check(z.describe(allowed));
}

/** Digest of a file. */
export const digest = parsed(parseDigest, DIGEST_FORMS, 200);

/** Id of the analysis of a file. */
export const fileScanId = parsed(parseFileScanId, FILE_SCAN_ID_FORMS, 500);

/** Id of the analysis of a URL. */
export const urlScanId = parsed(parseUrlScanId, URL_SCAN_ID_FORMS, 500);

/** IPv4 or IPv6 address. */
export const ipAddress = parsed(parseIpAddress, IP_FORMS, 200);

/** Domain name. */
export const domain = parsed(parseDomain, DOMAIN_FORMS, 1000);

/** URL; the marks of a defanged one do not count. */
export const url = parsed(parseUrl, URL_FORMS, MAX_URL_LENGTH + MAX_DEFANGING);

const OBJECT_KEY_BYTES = 1024;

/**
 * Whether a key has, at any place, more `..` than names before it: S3 refuses such keys.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
function climbsOut(key: string): boolean {
  let depth = 0;
  return key.split('/').some((part) => {
    depth += part === '..' ? -1 : 1;
    return depth < 0;
  });
}

/** Key of an S3 object, raw. */
export const objectKey = z.string().check(
  z.minLength(1),
  z.maxLength(OBJECT_KEY_BYTES),
  z.refine((key) => new TextEncoder().encode(key).length <= OBJECT_KEY_BYTES, {
    error: 'it has over 1024 bytes in UTF-8',
  }),
  z.refine((key) => key.isWellFormed(), { error: 'it is not well-formed Unicode' }),
  // Other control characters are odd, but S3 keeps them; some servers end a name at this one.
  z.refine((key) => !key.includes('\0'), { error: 'it has a NUL character' }),
  z.refine((key) => !climbsOut(key), { error: 'it climbs out of the bucket with ".."' }),
  z.describe('Key of the S3 object, raw (not form-encoded), 1 to 1024 bytes in UTF-8.'),
);

/** How much is asked of VirusTotal. */
export const details = z
  .enum(['full', 'summary'])
  .check(
    z.describe(
      '"full" (default) fills the lists that cost further upstream calls; "summary" makes exactly one upstream call and leaves them null.',
    ),
  );
