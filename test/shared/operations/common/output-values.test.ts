import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toDate } from '../../../../shared/operations/common/output-values.ts';

it.each([
  [0, '1970-01-01 00:00:00'],
  [951_782_400, '2000-02-29 00:00:00'],
  [1_599_055_355, '2020-09-02 14:02:35'],
  [253_402_300_799, '9999-12-31 23:59:59'],
  [null, null],
])('%s -> %s', (epoch, date) => {
  expect(toDate(epoch)).toBe(date);
});

it('is the same moment, read back as UTC', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (epoch) => {
      const date = toDate(epoch);
      expect(date).toMatch(/^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$/);
      expect(Date.parse(`${date}Z`) / 1000).toBe(epoch);
    }),
  );
});
