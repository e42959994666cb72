/** Takes the API key out of foreign text: VirusTotal's messages have been seen to echo it. */

const REDACTED = '[redacted]';

/** Control characters, invisible ones that could part the key, and line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Removes a secret in every form that a server may echo, in any case, and what cannot be printed.
 *
 * @param text - foreign
 * @param secret - the API key; not empty
 */
export function redact(text: string, secret: string): string {
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    encodeURIComponent(secret),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
  const anyForm = forms.map((form) => RegExp.escape(form)).join('|');
  const pattern = new RegExp(`(?:${anyForm})={0,2}`, 'gi');
  const clean = (gap: string) => text.replace(UNPRINTABLE, gap).replace(pattern, REDACTED);
  // Only a key that invisible characters had parted shows when they leave no gap.
  const joined = clean('');
  return joined.includes(REDACTED) ? joined : clean(' ');
}
