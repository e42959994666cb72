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
  it('matches the documented event by the fields that it names', () => {
    expect(matches({ source: ['aws.s3'], 'detail-type': ['Object Created'] }, created)).toBe(true);
    const byBucket = { detail: { bucket: { name: ['amzn-s3-demo-bucket1', 'another'] } } };
    expect(matches(byBucket, created)).toBe(true);
    expect(matches({ ...byBucket, source: ['aws.ec2'] }, created)).toBe(false);
    expect(matches({ detail: { bucket: { name: ['another'] } } }, created)).toBe(false);
    expect(matches({ detail: { nothing: { name: ['another'] } } }, created)).toBe(false);
  });

  it('intersects an array of the event with its own', () => {
    expect(matches({ resources: ['arn:aws:s3:::amzn-s3-demo-bucket1'] }, created)).toBe(true);
    expect(fits(['b', 'x'], ['a', 'b'])).toBe(true);
    expect(fits(['x'], ['a', 'b'])).toBe(false);
  });

  it('wants one object of an array to fit as a whole', () => {
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
    [[{ prefix: { 'equals-ignore-case': 'aB' } }], ['ABc'], ['b']],
    [[{ suffix: '.png' }], ['.png', 'x.png'], ['x.PNG', 'x.png ']],
    [[{ suffix: { 'equals-ignore-case': '.PnG' } }], ['x.pnG'], ['x.gif']],
    [[{ 'equals-ignore-case': 'Ab' }], ['aB', 'AB'], ['abc', 5]],
    [[{ 'anything-but': 'a' }], ['b', 5, null], ['a', undefined, {}]],
    [[{ 'anything-but': ['a', 'b'] }], ['c'], ['a', 'b']],
    [[{ 'anything-but': [1, 2] }], [3, '1'], [1, 2]],
    [[{ 'anything-but': { prefix: 'a' } }], ['b', 5], ['a', 'ab', undefined]],
    [[{ 'anything-but': { prefix: ['a', 'b'] } }], ['c'], ['ab', 'ba']],
    [[{ 'anything-but': { suffix: '.png' } }], ['x.gif'], ['x.png']],
    [[{ 'anything-but': { 'equals-ignore-case': ['A', 'B'] } }], ['c'], ['a', 'b']],
    [[{ 'anything-but': { wildcard: '*/lib/*' } }], ['a/bin/b'], ['a/lib/b']],
    [[{ wildcard: 'dir/*.png' }], ['dir/.png', 'dir/a/b.png'], ['dir/a.gif', 'xdir/a.png']],
    [[{ numeric: ['=', 3.018e2] }], [301.8], [301, '301.8']],
    [[{ numeric: ['<', 10] }], [9.9, -1], [10, '9', null, undefined]],
    [[{ numeric: ['>', 0, '<=', 5] }], [0.1, 5], [0, 5.1]],
    [[{ numeric: ['>=', 0, '<', 5] }], [0, 4.9], [5]],
    [[{ exists: true }], ['a', null, 0, ['a']], [undefined, {}, { a: 1 }, []]],
    [[{ exists: false }], [undefined, {}, []], ['a', null]],
    [[{ exists: false }, 'a'], [undefined, 'a'], ['b']],
    [[{ prefix: 'a' }, { suffix: 'z' }], ['ab', 'yz'], ['yy']],
  ])('%j', (alternatives, fitting, others) => {
    for (const value of fitting) expect([value, fits(alternatives, value)]).toEqual([value, true]);
    for (const value of others) expect([value, fits(alternatives, value)]).toEqual([value, false]);
  });

  it('takes either side of $or, and everything beside it', () => {
    const pattern = {
      source: ['s'],
      $or: [{ a: [1], b: [2] }, { $or: [{ c: [3] }, { d: [{ prefix: 'x' }] }] }],
    };
    expect(matches(pattern, { source: 's', a: 1, b: 2 })).toBe(true);
    expect(matches(pattern, { source: 's', d: 'xy' })).toBe(true);
    expect(matches(pattern, { source: 's', a: 1 })).toBe(false);
    expect(matches(pattern, { source: 't', a: 1, b: 2 })).toBe(false);
    expect(matches({ detail: { $or: [{ a: [1] }, { b: [1] }] } }, { detail: { b: 1 } })).toBe(true);
  });

  it('does not take what every object inherits for a field', () => {
    expect(matches({ constructor: { name: [{ exists: true }] } }, {})).toBe(false);
    expect(matches({ toString: [{ exists: false }] }, {})).toBe(true);
  });

  it.each([
    [{ a: [{ cidr: '10.0.0.0/8' }] }, 'at a: the local run does not know the operator "cidr"'],
    [
      { d: { a: [{ prefixx: 'a' }] } },
      'at d.a: the local run does not know the operator "prefixx"',
    ],
    [{ a: [{ prefix: { suffix: 'a' } }] }, 'operator "prefix.suffix"'],
    [{ a: [{ 'anything-but': { numeric: ['=', 1] } }] }, 'operator "numeric"'],
    [{ a: [{ 'anything-but': ['a', 1] }] }, 'texts alone, or numbers alone'],
    [{ a: [{ 'anything-but': [] }] }, 'anything-but of nothing'],
    [{ a: [{ 'anything-but': { prefix: '' } }] }, 'anything-but prefix of nothing'],
    [{ a: [{ prefix: 'a', suffix: 'b' }] }, 'one operator each'],
    [{ a: [['a']] }, 'one operator each'],
    [{ a: [{ prefix: 5 }] }, 'prefix takes a text'],
    [{ a: [{ exists: 'true' }] }, 'exists takes a boolean'],
    [{ a: [{ numeric: ['<', 5, '>', 1] }] }, 'a lower and then a greater, upper bound'],
    [{ a: [{ numeric: ['>', 5, '<', 1] }] }, 'a lower and then a greater, upper bound'],
    [{ a: [{ numeric: ['~', 5] }] }, 'numeric does not take ["~",5]'],
    [{ a: [{ numeric: [] }] }, 'numeric does not take []'],
    [{ a: [{ numeric: ['=', 5.1e9] }] }, 'numeric does not take'],
    [{ a: [{ wildcard: 'a**b' }] }, 'consecutive wildcard'],
    [{ a: [{ wildcard: 'a\\b' }] }, '"\\b" is no escape'],
    [{ a: [{ wildcard: 'a\\' }] }, '"\\" is no escape'],
    [{ a: 'x' }, 'at a: must be an object or an array'],
    [{ a: [] }, 'at a: empty arrays'],
    [{ a: {} }, 'at a: empty objects'],
    [{}, 'at its root: empty objects'],
    ['x', 'at its root: must be an object'],
    [{ $or: [{ a: [1] }] }, 'at $or: takes an array of two or more'],
    [{ $or: [{ a: [1] }, { prefix: ['x'] }] }, 'at $or: "prefix" cannot be a field'],
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
