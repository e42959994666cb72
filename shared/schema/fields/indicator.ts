/** Indicators as input: text that a caller may write in several ways, and that parses to one form. */
import * as z from 'zod/mini';
import { DOMAIN_FORMS, parseDomain } from '../../indicators/domain.ts';
import { DIGEST_FORMS, parseDigest } from '../../indicators/hash.ts';
import { InvalidIndicator } from '../../indicators/invalid.ts';
import { IP_FORMS, parseIpAddress } from '../../indicators/ip-address.ts';
import {
  FILE_SCAN_ID_FORMS,
  parseFileScanId,
  parseUrlScanId,
  URL_SCAN_ID_FORMS,
} from '../../indicators/scan-id.ts';
import { MAX_DEFANGED_URL_LENGTH, parseUrl, URL_FORMS } from '../../indicators/url.ts';

// Marked as pure, so that a bundle contains only the fields that its operation uses.

/** MD5, SHA-1 or SHA-256 of a file. */
export const digest = /* @__PURE__ */ indicator(parseDigest, DIGEST_FORMS, 200);

/** Domain name. */
export const domain = /* @__PURE__ */ indicator(parseDomain, DOMAIN_FORMS, 1000);

/** IPv4 or IPv6 address. */
export const ipAddress = /* @__PURE__ */ indicator(parseIpAddress, IP_FORMS, 200);

/** URL; the extra characters of a defanged one do not count. */
export const url = /* @__PURE__ */ indicator(parseUrl, URL_FORMS, MAX_DEFANGED_URL_LENGTH);

/** Id of the analysis of a file. */
export const fileScanId = /* @__PURE__ */ indicator(parseFileScanId, FILE_SCAN_ID_FORMS, 500);

/** Id of the analysis of a URL. */
export const urlScanId = /* @__PURE__ */ indicator(parseUrlScanId, URL_SCAN_ID_FORMS, 500);

/**
 * Returns a field whose text is parsed.
 *
 * @param parse - parses an indicator; throws InvalidIndicator
 * @param forms - the allowed forms in words, for error messages and documents
 * @param maxLength - characters
 */
function indicator<T>(parse: (text: string) => T, forms: string, maxLength: number) {
  const field = z.string().check(z.minLength(1), z.maxLength(maxLength), z.describe(forms));
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
    .check(z.describe(forms));
}
