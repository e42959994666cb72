/** Links, anchors, paths, scripts and options in the documents exist. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contextNames } from './context-names.ts';
import { anchorsOf, codeSpansOf, documents, readText, root, withoutCode } from './markdown.ts';

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

const scripts = Object.keys(JSON.parse(readText('package.json')).scripts);

/** What a pattern's group finds in a document. */
const namedIn = (path: string, pattern: RegExp) =>
  Array.from(readText(path).matchAll(pattern), ([, name = '']) => name);

describe.each(documents)('%s', (path) => {
  it('has no broken link or anchor', () => {
    expect(localLinksOf(path).filter((link) => isBroken(path, link))).toEqual([]);
  });

  it('names only paths that exist', () => {
    // A package's README names the paths of the package.
    const bases = [root, join(root, dirname(path))];
    const exists = (named: string) => bases.some((base) => existsSync(join(base, named)));
    expect(pathsIn(path).filter((named) => !exists(named))).toEqual([]);
  });

  it('names only scripts and options that exist', () => {
    const named = namedIn(path, /npm run (?:--silent )?([\w:-]+)/g);
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
    const options = namedIn(path, / -c '?(\w+)=/g).filter((option) => option !== 'name');
    expect(options.filter((option) => !contextNames().includes(option))).toEqual([]);
  });
});

it('the documents are found', () => {
  expect(documents).toEqual(
    expect.arrayContaining(['CONTRIBUTING.md', 'README.md', 'docs/verdict.md']),
  );
});
