/** Describes values in messages: with their type, shortened, escaped, and without credentials. */
import { cutScheme } from '../indicators/refang.ts';

/** Longest text that a message quotes, characters. */
const QUOTED = 80;

/**
 * Describes a value.
 */
export function got(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'an empty string' : quote(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return summary(value);
  return `the ${typeof value} ${String(value)}`;
}

function summary(value: object): string {
  const keys = Object.keys(value);
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys.slice(0, 5).map(quote).join(', ')}`;
}

/**
 * Quotes text from a caller: masks credentials, shortens, and escapes whatever could break or reorder a line.
 */
export function quote(text: string): string {
  const masked = maskCredentials(text);
  const cut = masked.length > QUOTED;
  const shown = JSON.stringify(cut ? masked.slice(0, QUOTED) : masked).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
  );
  return cut ? `${shown}... (${text.length} characters)` : shown;
}

/** The sign that ends credentials, also defanged, encoded or full-width. */
const ENDS_OF_CREDENTIALS = ['@', '[@]', '(@)', '{@}', '[at]', '(at)', '{at}', '%40', '\uff20'];

/** Masks everything up to the last sign, because in a malformed URL it is unclear where credentials end. */
function maskCredentials(text: string): string {
  const lower = text.toLowerCase();
  const ends = ENDS_OF_CREDENTIALS.map((end) => {
    const start = lower.lastIndexOf(end);
    return start < 0 ? 0 : start + end.length;
  });
  const end = Math.max(...ends);
  if (end === 0) return text;
  const { scheme } = cutScheme(text);
  return `${scheme === undefined ? '' : `${scheme}://`}***@${text.slice(end)}`;
}
