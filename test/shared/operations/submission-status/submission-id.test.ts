import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { submissionStatusRequest } from '../../../../shared/operations/submission-status/input.ts';
import {
  createSubmissionId,
  isYoung,
  submissionTime,
} from '../../../../shared/operations/submission-status/submission-id.ts';

const NOON = Date.UTC(2026, 10, 28, 12);

it.each([0, 1, NOON, NOON + 0.5, 2 ** 48 - 1])('an id tells its time: %d', (ms) => {
  const id = createSubmissionId(ms, randomUUID());
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(submissionStatusRequest.parse({ id })).toEqual({ id });
  expect(submissionTime(id)).toBe(Math.floor(ms));
});

it('is the one of RFC 9562', () => {
  const random = '00000000-0000-4cc3-98c4-dc0c0c07398f';
  expect(createSubmissionId(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

it('ids of the same moment differ', () => {
  const ids = Array.from({ length: 100 }, () => createSubmissionId(NOON, randomUUID()));
  expect(new Set(ids).size).toBe(100);
});

it('an id of an earlier release tells no time', () => {
  expect(submissionTime('6f9619ff-8b86-4d01-b42d-00cf4fc964ff')).toBeNull();
});

it.each([
  [0, true],
  [59_999, true],
  [60_000, false],
  [86_400_000, false],
  // Made by a clock that is ahead.
  [-5_000, true],
  [-5_001, false],
  [-3_600_000, false],
])('a submission of %i ms ago is young: %s', (ageMs, expected) => {
  expect(isYoung(NOON - ageMs, NOON)).toBe(expected);
});
