/** Prints a table that fits a terminal. */
import Table from 'cli-table3';
import { printable } from './printable.ts';

/** Characters of borders and padding, per column and once. */
const COLUMN_FRAME = 3;
const TABLE_FRAME = 1;
/** A column is never narrower, whatever the terminal. */
const MIN_WIDTH = 8;

/**
 * Formats a table. Escapes and wraps its cells; wide columns share what narrow ones leave.
 *
 * @param width - of the table, characters
 */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const cells = [head, ...rows].map((row) => row.map(printable));
  const widths = fitWidths(
    head.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? '')))),
    width - TABLE_FRAME - COLUMN_FRAME * head.length,
  );
  const [wrappedHead = [], ...wrappedRows] = cells.map((row) =>
    row.map((cell, column) => wrap(cell, widths[column] ?? MIN_WIDTH).join('\n')),
  );
  const table = new Table({ head: wrappedHead, style: { head: [], border: [] } });
  table.push(...wrappedRows);
  return table.toString();
}

/** Narrows the widest column until all fit, so that the narrow ones stay whole. */
function fitWidths(natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  const sum = () => widths.reduce((total, width) => total + width, 0);
  for (let excess = sum() - available; excess > 0; excess = sum() - available) {
    const widest = Math.max(...widths);
    if (widest <= MIN_WIDTH) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** Wraps at spaces, and cuts words that are longer than a line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => cut(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function cut(word: string, width: number): string[] {
  const pieces = [''];
  for (const character of word) {
    const piece = `${pieces.at(-1)}${character}`;
    if (widthOf(piece) <= width) pieces[pieces.length - 1] = piece;
    else pieces.push(character);
  }
  return pieces;
}

/** Columns of a text on the terminal, or a few more: East Asian characters and emoji take two. */
function widthOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (character < '\u1100' ? 1 : 2), 0);
}
