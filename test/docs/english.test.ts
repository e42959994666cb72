/**
 * Counts phrases that read as if translated, over sources, tests and documents. The ceilings only ever
 * fall: lower a ceiling when a phrase is removed, and new text does not use it.
 */
import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readText, root } from './markdown.ts';

/** How often each phrase may still occur. */
const ceilings: Readonly<Record<string, number>> = {
  nobody: 0,
  whoever: 0,
  'what became of': 0,
  'tells of': 0,
  'told of': 0,
  'of its own': 0,
  'there is none': 0,
  'stand in': 0,
  'stands in': 0,
  anew: 0,
  meanwhile: 0,
  'used up': 0,
  'is at it': 0,
  'by name': 0,
  heed: 0,
  'the gravest': 0,
  'what gives way first': 0,
  'in the end': 0,
  'is told': 0,
  'what it is given': 0,
  'asked of': 0,
  'is held to be': 0,
  'but for': 0,
  'time-out': 0,
};

/** Where a phrase is meant: a quota is really used up, and the changelog quotes a former step name. */
const meant: Readonly<Record<string, RegExp>> = {
  'used up': /quota|requests/i,
  'what became of': /`What became of it\?`/,
};

/** How far around a phrase its meaning is looked for, characters. */
const CONTEXT = 80;

const patterns = [
  'functions/**/*.{ts,mjs}',
  'shared/**/*.{ts,mjs}',
  'infra/**/*.{ts,mjs,md}',
  'test/**/*.{ts,mjs}',
  'docs/*.{md,json}',
  '*.md',
  '*.json',
];
const ignored = /node_modules|english\.test\.ts|package-lock/;

/** Each text on one line, so that a phrase that is broken across lines of a comment is found. */
const texts = globSync(patterns, { cwd: root })
  .filter((path) => !ignored.test(path))
  .map((path) => ({ path, text: readText(path).replace(/\n\s*(?:\*|\/\/|#)?\s*/g, ' ') }));

/** Where a phrase occurs without being meant, each with a little of its context. */
function occurrencesOf(phrase: string): string[] {
  const expression = new RegExp(`\\b${phrase}\\b`, 'gi');
  return texts.flatMap(({ path, text }) =>
    Array.from(text.matchAll(expression), ({ index }) =>
      text.slice(Math.max(0, index - CONTEXT), index + phrase.length + CONTEXT),
    )
      .filter((context) => !meant[phrase]?.test(context))
      .map((context) => `${path}: ${context}`),
  );
}

it('finds the sources', () => {
  expect(texts.length).toBeGreaterThan(400);
});

it.each(Object.entries(ceilings))('"%s" occurs at most %d times', (phrase, ceiling) => {
  const found = occurrencesOf(phrase);
  expect(found.length, `say it in plain English:\n${found.join('\n')}`).toBeLessThanOrEqual(
    ceiling,
  );
});
