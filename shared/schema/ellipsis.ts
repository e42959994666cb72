/** Shortens text. */

/**
 * Returns the text, cut with `...` if it is too long; never cuts a character in two.
 *
 * @param limit - longest result, in the unit of `sizeOf`
 * @param sizeOf - size of a text. @default UTF-16 code units
 */
export function ellipsis(
  text: string,
  limit: number,
  sizeOf: (text: string) => number = ({ length }) => length,
): string {
  if (sizeOf(text) <= limit) return text;
  let cut = '';
  let size = sizeOf('...');
  for (const character of text) {
    size += sizeOf(character);
    if (size > limit) break;
    cut += character;
  }
  return `${cut}...`;
}

/** Returns the number of bytes of the text within JSON, without its quotes. */
export function jsonBytes(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length - 2;
}
