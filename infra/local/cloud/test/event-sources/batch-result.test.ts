import { describe, expect, it } from 'vitest';
import { batchResult } from '../../src/event-sources/batch-result.ts';
import type { InvocationResult } from '../../src/types.ts';

const IDS = ['a', 'b', 'c'];
const succeeded = (payload: string): InvocationResult => ({ status: 'succeeded', payload });
const failedIds = (payload: string) => [...batchResult(succeeded(payload), IDS, true).failedIds];

describe('with ReportBatchItemFailures', () => {
  it.each(['null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}', '{"other":1}'])(
    '%s means that all messages are processed',
    (payload) => {
      expect(failedIds(payload)).toEqual([]);
    },
  );

  it('keeps the messages that the function names', () => {
    const failures = [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }, { itemIdentifier: 'b' }];
    expect(failedIds(JSON.stringify({ batchItemFailures: failures }))).toEqual(['b', 'c']);
  });

  it.each([
    'not JSON',
    '',
    '"text"',
    '5',
    '[]',
    '{"batchItemFailures":{}}',
    '{"batchItemFailures":["a"]}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"itemIdentifier":1}]}',
    '{"batchItemFailures":[{"messageId":"a"}]}',
    '{"batchItemFailures":[{"itemIdentifier":"a"},{}]}',
    '{"batchItemFailures":[{"itemIdentifier":"other"}]}',
  ])('%s fails the whole batch', (payload) => {
    expect(failedIds(payload)).toEqual(IDS);
  });
});

it('ignores the answer of a function that does not report failures', () => {
  const payload = '{"batchItemFailures":[{"itemIdentifier":"a"}]}';
  expect(batchResult(succeeded(payload), IDS, false).failedIds.size).toBe(0);
});

it.each([true, false])('fails the whole batch with the function (reports: %s)', (reports) => {
  const error = { errorType: 'Sandbox.Timedout', errorMessage: 'timed out' };
  expect(batchResult({ status: 'failed', error }, IDS, reports)).toEqual({
    failedIds: new Set(IDS),
    error: 'Sandbox.Timedout',
  });
});
