import { expect, it } from 'vitest';
import * as errors from '../../shared/errors.ts';

const { ConnectorError, QuotaExceededError, errorTable } = errors;

it('has one class for each name of the table, with that literal name and status', () => {
  for (const [name, { status, retryable }] of Object.entries(errorTable)) {
    const ErrorClass = Object.entries(errors).find(([key]) => key === name)?.[1];
    if (typeof ErrorClass !== 'function') throw new Error(`there is no class ${name}`);
    const error: unknown = Reflect.construct(ErrorClass, ['what happened', 1]);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({ name, status, retryable });
  }
});

it.each([
  [0, 1],
  [0.2, 1],
  [60, 60],
  [60.01, 61],
  [259_200, 259_200],
  [259_200.5, 259_200],
  [99_999_999_999, 259_200],
  [Number.POSITIVE_INFINITY, 259_200],
])('ends the message of a quota error with a whole number of seconds: %d -> %d', (given, told) => {
  const error = new QuotaExceededError('Quota exceeded.', given);
  expect(error.message).toBe(`Quota exceeded. retryAfterSeconds=${told}`);
  expect(error.retryAfterSeconds).toBe(told);
});
