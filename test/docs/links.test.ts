/** Links, anchors and paths in the documents lead somewhere. */
import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, codeSpansOf, readText, root, withoutCode } from './markdown.ts';

const documents = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('docs/*.md', { cwd: root }),
  ...globSync('infra/local/{.,*}/README.md', { cwd: root }),
].sort();

/** Targets of a document's links and images that are not on the web. */
function localLinksOf(path: string): string[] {
  const text = withoutCode(readText(path)).replace(/`[^`\n]*`/g, '');
  const targets = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function isBroken(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(root, target))) return true;
  return anchor !== undefined && !anchorsOf(readText(target)).includes(anchor);
}

/** Code spans that look like a path in the repository: below a folder of ours, without a pattern in it. */
function pathsIn(path: string): string[] {
  const spans = codeSpansOf(withoutCode(readText(path)));
  return spans.filter((span) => /^(?:functions|shared|infra|test|docs)\/[\w./-]*$/.test(span));
}

describe.each(documents)('%s', (path) => {
  it('has no broken link or anchor', () => {
    expect(localLinksOf(path).filter((link) => isBroken(path, link))).toEqual([]);
  });

  it('names only paths that exist', () => {
    expect(pathsIn(path).filter((named) => !existsSync(join(root, named)))).toEqual([]);
  });
});

it('the documents are found', () => {
  expect(documents).toEqual(
    expect.arrayContaining(['CONTRIBUTING.md', 'README.md', 'docs/verdict.md']),
  );
});
