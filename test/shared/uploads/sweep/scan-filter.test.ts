import { matches } from '@local/cloud/events';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { uploadPattern } from '../../../../infra/constructs/upload-pattern.ts';
import { isScanned } from '../../../../shared/uploads/sweep/scan-filter.ts';

const text = (least: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), minLength: least, maxLength: 4 });
const texts = fc.option(fc.array(text(1), { maxLength: 2 }), { nil: undefined });

it('leaves out exactly what the event rule of a bucket leaves out', () => {
  const filters = fc.record({
    prefixes: texts,
    suffixes: texts,
    minBytes: fc.option(fc.nat(3), { nil: undefined }),
    maxBytes: fc.option(fc.integer({ min: 3, max: 6 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      filters,
      text(1),
      fc.nat(8),
      ({ prefixes, suffixes, minBytes, maxBytes }, key, size) => {
        const filter = {
          ...(prefixes && { prefixes }),
          ...(suffixes && { suffixes }),
          ...(minBytes !== undefined && { minBytes }),
          ...(maxBytes !== undefined && { maxBytes }),
        };
        const { detail } = uploadPattern('bucket', filter);
        const event = { detail: { bucket: { name: 'bucket' }, object: { key, size } } };
        expect(isScanned(filter, key, size)).toBe(matches({ detail }, event));
      },
    ),
    { numRuns: 2_000 },
  );
});
