/** Reads the project's Markdown documents for the tests that compare them with the code. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository. */
export const root = join(import.meta.dirname, '../..');

/** The text of a file, by its path in the repository. */
export const readText = (path: string): string => readFileSync(resolve(root, path), 'utf8');

/** The paths of all documents. */
export const documents: readonly string[] = globSync(['*.md', 'docs/*.md', 'infra/**/*.md'], {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
}).sort();

/** A fenced code block. */
export interface CodeBlock {
  /** Everything after the opening fence, for example `sh` or `sh aws`. */
  readonly info: string;
  readonly text: string;
  /** The closest heading above it. */
  readonly heading: string;
  /** The paragraph below it, up to the next blank line. */
  readonly after: string;
}

/** The code blocks of a document, in order. */
export function codeBlocksOf(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [whole, info = '', text = ''] = match;
    const before = withoutCode(markdown.slice(0, match.index));
    const below = markdown.slice(match.index + whole.length).trimStart();
    return {
      info,
      text,
      heading: headingsOf(before).at(-1) ?? '',
      after: below.split('\n\n')[0] ?? '',
    };
  });
}

/** A document without its fenced code blocks. */
export const withoutCode = (markdown: string): string =>
  markdown.replace(/^```.*\n[\s\S]*?^```$/gm, '');

/** The headings of a document, in order, without their marks. */
export function headingsOf(markdown: string): string[] {
  return Array.from(withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm), ([, text = '']) => text);
}

/** The anchors that GitHub gives a document's headings. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return headingsOf(markdown).map((heading) => {
    const slug = slugOf(heading);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** GitHub's rule: lower case, only letters, digits, `_`, hyphens and spaces, spaces become hyphens. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

/**
 * The rows of the first table below a heading that has this column, cell by cell, without the table's head.
 *
 * @param column - title of the first column
 * @throws Error when there is no such table
 */
export function tableOf(markdown: string, column: string): string[][] {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${column} |`));
  if (head < 0) throw new Error(`there is no table whose first column is "${column}"`);
  const end = lines.findIndex((line, index) => index > head && !line.startsWith('|'));
  return lines.slice(head + 2, end < 0 ? undefined : end).map(cellsOf);
}

const cellsOf = (row: string): string[] =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The code spans of a text, for example of a table's cell. */
export const codeSpansOf = (text: string): string[] =>
  Array.from(text.matchAll(/`([^`]+)`/g), ([, span = '']) => span);
