/** Removes the API key from foreign text: VirusTotal's messages sometimes echo it. */

const REDACTED = '[redacted]';

/** Control characters, invisible ones that could split the key, and line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Removes a secret in every form that a server may echo, in upper or lower case, and unprintable characters.
 *
 * @param text - foreign text
 * @param secret - the API key; not empty
 */
export function redact(text: string, secret: string): string {
  const forms = [secret, encodeURIComponent(secret), ...base64Forms(secret)];
  const anyForm = forms.map((form) => RegExp.escape(form)).join('|');
  // After whole Base64 characters, one more may carry the secret's last bits.
  const pattern = new RegExp(`${RegExp.escape(secret)}|(?:${anyForm})[\\w+/-]?={0,2}`, 'gi');
  const clean = (gap: string) => text.replace(UNPRINTABLE, gap).replace(pattern, REDACTED);
  // A key split by invisible characters only shows once they are removed.
  const joined = clean('');
  return joined.includes(REDACTED) ? joined : clean(' ');
}

/** Shorter pieces of Base64 could match by chance. */
const SHORTEST_FORM = 8;

/** Returns the secret in Base64, after 0, 1 or 2 other bytes: the characters that depend on it alone. */
function base64Forms(secret: string): string[] {
  const standard = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return bytes.toString('base64').slice(start, end);
  });
  const urlSafe = standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [...standard, ...urlSafe].filter((form) => form.length >= SHORTEST_FORM);
}
