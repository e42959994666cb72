import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matches } from '../../src/events/pattern/pattern.ts';
import { compileWildcard } from '../../src/events/pattern/wildcard.ts';
import { sample } from './fixtures.ts';

const created = sample('s3-object-created');

/** Whether one field, `detail.value`, fits. */
function fits(alternatives: unknown, value: unknown): boolean {
  const event = value === undefined ? { detail: {} } : { detail: { value } };
  return matches({ detail: { value: alternatives } }, event);
}

describe('a pattern', () => {
  it('matches the documented event by the given fields', () => {
    expect(matches({ source: ['aws.s3'], 'detail-type': ['Object Created'] }, created)).toBe(true);
    const byBucket = { detail: { bucket: { name: ['amzn-s3-demo-bucket1', 'another'] } } };
    expect(matches(byBucket, created)).toBe(true);
    expect(matches({ ...byBucket, source: ['aws.ec2'] }, created)).toBe(false);
    expect(matches({ detail: { bucket: { name: ['another'] } } }, created)).toBe(false);
    expect(matches({ detail: { nothing: { name: ['another'] } } }, created)).toBe(false);
  });

  it('matches an array that shares a value with it', () => {
    expect(matches({ resources: ['arn:aws:s3:::amzn-s3-demo-bucket1'] }, created)).toBe(true);
    expect(fits(['b', 'x'], ['a', 'b'])).toBe(true);
    expect(fits(['x'], ['a', 'b'])).toBe(false);
  });

  it('requires one object of an array to match as a whole', () => {
    const event = {
      items: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    };
    expect(matches({ items: { a: [3], b: [4] } }, event)).toBe(true);
    expect(matches({ items: { a: [1], b: [4] } }, event)).toBe(false);
  });

  it.each([
    // alternatives, values that fit, values that do not
    [
      ['a', 1, null, true],
      ['a', 1, null, true],
      ['A', '1', 2, false, undefined, {}],
    ],
    [[''], [''], [null, ' ', undefined]],
    [[{ prefix: 'ab' }], ['ab', 'abc'], ['a', 'xab', 'AB', 5, null, undefined]],
    [[{ suffix: '.png' }], ['.png', 'x.png'], ['x.PNG', 'x.png ']],
    [[{ wildcard: 'dir/*.png' }], ['dir/.png', 'dir/a/b.png'], ['dir/a.gif', 'xdir/a.png']],
    [[{ numeric: ['=', 3.018e2] }], [301.8], [301, '301.8']],
    [[{ numeric: ['<', 10] }], [9.9, -1], [10, '9', null, undefined]],
    [[{ numeric: ['>', 0, '<=', 5] }], [0.1, 5], [0, 5.1]],
    [[{ numeric: ['>=', 0, '<', 5] }], [0, 4.9], [5]],
    [[{ prefix: 'a' }, { suffix: 'z' }], ['ab', 'yz'], ['yy']],
  ])('%j', (alternatives, fitting, others) => {
    for (const value of fitting) expect([value, fits(alternatives, value)]).toEqual([value, true]);
    for (const value of others) expect([value, fits(alternatives, value)]).toEqual([value, false]);
  });

  it('does not match inherited properties', () => {
    expect(matches({ constructor: { name: ['Object'] } }, {})).toBe(false);
  });

  it.each(['anything-but', 'cidr', 'equals-ignore-case', 'exists', 'prefixx'])(
    'is refused with the unsupported operator %s',
    (operator) => {
      expect(() => compilePattern({ d: { a: [{ [operator]: 'a' }] } })).toThrow(
        `at d.a: the local run does not support the operator "${operator}" (supported: prefix, suffix, wildcard, numeric)`,
      );
    },
  );

  it.each([
    [
      { $or: [{ a: [1] }, { b: [1] }] },
      'at $or: the local run does not support the operator "$or"',
    ],
    [{ a: [{ prefix: { 'equals-ignore-case': 'a' } }] }, 'prefix expects a string'],
    [{ a: [{ prefix: 'a', suffix: 'b' }] }, 'one operator each'],
    [{ a: [['a']] }, 'one operator each'],
    [{ a: [{ prefix: 5 }] }, 'prefix expects a string'],
    [{ a: [{ numeric: ['<', 5, '>', 1] }] }, 'a lower bound, then a greater upper bound'],
    [{ a: [{ numeric: ['>', 5, '<', 1] }] }, 'a lower bound, then a greater upper bound'],
    [{ a: [{ numeric: ['~', 5] }] }, 'numeric does not accept ["~",5]'],
    [{ a: [{ numeric: [] }] }, 'numeric does not accept []'],
    [{ a: [{ numeric: ['=', 5.1e9] }] }, 'numeric does not accept'],
    [{ a: [{ wildcard: 'a**b' }] }, 'consecutive wildcard'],
    [{ a: [{ wildcard: 'a\\b' }] }, '"\\b" is not an escape'],
    [{ a: [{ wildcard: 'a\\' }] }, '"\\" is not an escape'],
    [{ a: 'x' }, 'at a: must be an object or an array'],
    [{ a: [] }, 'at a: empty arrays'],
    [{ a: {} }, 'at a: empty objects'],
    [{}, 'at its root: empty objects'],
    ['x', 'at its root: must be an object'],
  ])('%j is refused', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });
});

describe('a wildcard', () => {
  /** The meaning, by trying every way: slow, and plainly right. */
  function naive(tokens: readonly string[], text: string): boolean {
    const [token, ...rest] = tokens;
    if (token === undefined) return text === '';
    if (token !== '*') return text.startsWith(token.at(-1) ?? '') && naive(rest, text.slice(1));
    return Array.from({ length: text.length + 1 }, (_, at) => text.slice(at)).some((tail) =>
      naive(rest, tail),
    );
  }

  // Few letters, so that texts and wildcards meet.
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '\n', '.'), maxLength: 10 });
  const tokens = fc
    .array(fc.constantFrom('a', 'b', '.', '\n', '*', '\\*', '\\\\'), { maxLength: 8 })
    .filter((list) => !list.some((token, at) => token === '*' && list[at + 1] === '*'));

  it('matches what trying every way matches', () => {
    fc.assert(
      fc.property(tokens, text, (list, value) => {
        expect(compileWildcard('', list.join(''))(value)).toBe(naive(list, value));
      }),
      { numRuns: 3000 },
    );
  });

  it('matches every text that fills its gaps', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (parts, filling) => {
        const literals = parts.map((part) => `x${part.replaceAll(/[*\\]/g, '\\$&')}`);
        expect(
          compileWildcard('', literals.join('*'))(parts.map((p) => `x${p}`).join(filling)),
        ).toBe(true);
      }),
    );
  });
});
