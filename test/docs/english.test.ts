/**
 * Counts phrases that read as if translated, over sources, tests and documents. The ceilings only ever
 * fall: lower a ceiling when a phrase is removed, and new text does not use it.
 */
import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readText, root } from './markdown.ts';

/** How often each phrase may still occur. */
const ceilings: Readonly<Record<string, number>> = {
  nobody: 25,
  whoever: 6,
  'what became of': 4,
  'tells of': 5,
  'told of': 8,
  'of its own': 15,
  'there is none': 5,
  'stand in': 1,
  'stands in': 1,
  anew: 10,
  meanwhile: 14,
  'used up': 1,
  'is at it': 1,
  'by name': 20,
  heed: 0,
  'the gravest': 0,
  'what gives way first': 0,
  'in the end': 1,
  'is told': 13,
  'what it is given': 0,
  'asked of': 7,
  'is held to be': 0,
  'but for': 3,
  'time-out': 3,
};

/** Where a phrase means what it says: a quota is really used up. */
const meant: Readonly<Record<string, RegExp>> = {
  'used up': /quota|requests/i,
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
