/** Makes text safe to print: names of objects and files, reasons and messages come from others. */

/**
 * Everything that a terminal could obey, reorder or hide: control and format characters, lone surrogates,
 * unassigned code points, invisible characters and line separators. Box-drawing characters could forge the
 * border of a table.
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2500-\u257f]/gu;

/** Returns text on one line, with unprintable characters as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`);
}

/** Returns text as `printable` does, but keeps its lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Returns a value as indented JSON, whose strings have the same characters in escaped form. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => line.replace(UNPRINTABLE, escapeUnits))
    .join('\n');
}

/** JSON escapes UTF-16 code units. */
function escapeUnits(mark: string): string {
  const units = Array.from({ length: mark.length }, (_, index) => mark.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
