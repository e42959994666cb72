import { expect, it } from 'vitest';
import {
  classifyList,
  MAX_INDICATORS,
  MAX_LIST_BYTES,
} from '../../../shared/enrichment/classify-list.ts';

it('returns the type of every entry, or why it is not an indicator', () => {
  expect(classifyList(['hxxp://a[.]example.com/', 7, null, 'no way'])).toEqual({
    items: [
      { indicator: 'hxxp://a[.]example.com/', type: 'url' },
      {
        indicator: '7',
        type: 'none',
        reason: expect.stringMatching(/^it is not a string; allowed:/),
      },
      { indicator: 'null', type: 'none', reason: expect.stringContaining('not a string') },
      { indicator: 'no way', type: 'none', reason: expect.stringContaining('white space') },
    ],
    details: 'summary',
    cache: 'use',
    truncated: [],
  });
});

it('looks up what the caller requests', () => {
  expect(classifyList([], { details: 'full', cache: 'only' })).toEqual({
    items: [],
    details: 'full',
    cache: 'only',
    truncated: [],
  });
});

it('cuts a list of more than a hundred, and says so', () => {
  const list = Array.from({ length: 101 }, (_, index) => `a${index}.example.com`);
  const { items, truncated } = classifyList(list);
  expect(items).toHaveLength(MAX_INDICATORS);
  expect(items.at(-1)?.indicator).toBe('a99.example.com');
  expect(truncated).toEqual(['indicators']);
});

it('cuts a list of too many bytes, and says so', () => {
  const list = Array.from({ length: 100 }, () => `https://example.com/${'é'.repeat(1000)}`);
  const { items, truncated } = classifyList(list);
  const bytes = Buffer.byteLength(JSON.stringify(items.map(({ indicator }) => indicator)));
  expect(bytes).toBeLessThanOrEqual(MAX_LIST_BYTES + 200);
  expect(items.length).toBeGreaterThan(15);
  expect(truncated).toEqual(['indicators']);
});

it('shortens an entry that is not an indicator', () => {
  const [item] = classifyList(['x'.repeat(20_000)]).items;
  expect(item?.indicator).toBe(`${'x'.repeat(200)}...`);
});
