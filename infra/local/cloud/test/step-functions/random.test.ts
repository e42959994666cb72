import { describe, expect, it } from 'vitest';
import { lowerRandom } from '../../src/step-functions/random.ts';
import { engineOf, pass, resultOf } from './harness.ts';

describe('States.MathRandom', () => {
  it('draws from the start of the range to just before its end', async () => {
    const engine = engineOf(pass({ 'drawn.$': 'States.MathRandom($.from, 5)' }));
    const results = await Promise.all(
      Array.from({ length: 200 }, () => resultOf(engine, { from: 2 })),
    );
    expect(new Set(results.map(({ output }) => output.drawn))).toEqual(new Set([2, 3, 4]));
  });

  it('draws different numbers in one millisecond, in one state too', async () => {
    const draws = Array.from({ length: 100 }, (_, index) => [
      `n${index}.$`,
      'States.MathAdd(1, States.MathRandom(0, 1000000000))',
    ]);
    const { output } = await resultOf(engineOf(pass(Object.fromEntries(draws))));
    expect(new Set(Object.values(output)).size).toBe(100);
  });

  it('repeats a number for the same seed', async () => {
    const engine = engineOf(
      pass({ 'a.$': 'States.MathRandom(0, 1000, $.s)', 'b.$': 'States.MathRandom(0, 1000, $.s)' }),
    );
    const { output } = await resultOf(engine, { s: 7 });
    expect(output.a).toBe(output.b);
  });

  it('takes the ends of the range from other functions', async () => {
    const item = "States.ArrayGetItem(States.Array(1, 2, 'a,)(', 4), $.index)";
    const engine = engineOf(
      pass({ 'drawn.$': `States.MathAdd(States.MathRandom(${item}, States.MathAdd(2, 1)), 10)` }),
    );
    expect((await resultOf(engine, { index: 1 })).output).toEqual({ drawn: 12 });
  });
});

it.each([
  ['States.UUID()', 'States.UUID()'],
  [
    'States.MathAdd(States.MathRandom(1, 2), States.MathRandom(3, 4, 5))',
    'States.MathAdd(States.MathRandom(1, States.MathAdd(2, -1), $$.Local.Seed), States.MathRandom(3, States.MathAdd(4, -1), 5))',
  ],
  [
    'States.MathRandom(States.MathRandom(1, 2), 9)',
    'States.MathRandom(States.MathRandom(1, States.MathAdd(2, -1), $$.Local.Seed), States.MathAdd(9, -1), $$.Local.Seed)',
  ],
])('rewrites %s', (text, lowered) => {
  expect(lowerRandom(text)).toBe(lowered);
});
