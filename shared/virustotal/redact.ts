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
  const forms = [secret, encodeURIComponent(secret), ...base64Forms(secret)];
  const anyForm = forms.map((form) => RegExp.escape(form)).join('|');
  // After whole characters of Base64, one more may hold the secret's last bits.
  const pattern = new RegExp(`${RegExp.escape(secret)}|(?:${anyForm})[\\w+/-]?={0,2}`, 'gi');
  const clean = (gap: string) => text.replace(UNPRINTABLE, gap).replace(pattern, REDACTED);
  // Only a key that invisible characters had parted shows when they leave no gap.
  const joined = clean('');
  return joined.includes(REDACTED) ? joined : clean(' ');
}

/** Shorter pieces of Base64 may stand for anything. */
const SHORTEST_FORM = 8;

/** The secret in Base64, alone and with one or two bytes before it: the characters that it alone decides. */
function base64Forms(secret: string): string[] {
  const standard = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return bytes.toString('base64').slice(start, end);
  });
  const urlSafe = standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [...standard, ...urlSafe].filter((form) => form.length >= SHORTEST_FORM);
}
