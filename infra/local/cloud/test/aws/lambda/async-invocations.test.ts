import { expect, it } from 'vitest';
import { UnknownFunctionError } from '../../../src/types.ts';
import { failed, start } from './harness.ts';

it('answers 202 before the function has run, and retries twice', async () => {
  const { invoke, invoked, waits, dropped, asyncInvocations } = await start([
    failed('one'),
    new Error('the process is gone'),
    failed('three'),
  ]);
  expect(await invoke({ InvocationType: 'Event', Payload: '1' })).toMatchObject({
    StatusCode: 202,
  });
  await asyncInvocations.idle();
  expect(invoked).toHaveLength(3);
  expect(waits).toEqual([60_000, 120_000]);
  expect(dropped).toMatchObject([
    { functionName: 'Echo', attempts: 3, error: { errorMessage: 'three' } },
  ]);
});

it('stops retrying after a success, and for an unknown function', async () => {
  const { asyncInvocations, waits, dropped } = await start([
    failed('one'),
    { status: 'succeeded', payload: 'null' },
    new UnknownFunctionError('no such function'),
  ]);
  asyncInvocations.start('Echo', '1');
  await asyncInvocations.idle();
  expect([waits, dropped]).toEqual([[60_000], []]);
  asyncInvocations.start('Gone', '1');
  await asyncInvocations.idle();
  expect(waits).toEqual([60_000]);
  expect(dropped).toMatchObject([{ functionName: 'Gone', attempts: 1 }]);
});

it('drops waiting retries when it closes', async () => {
  const waiting = Promise.withResolvers<void>();
  const { asyncInvocations, dropped } = await start(
    [failed('one')],
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        waiting.resolve();
      }),
  );
  asyncInvocations.start('Echo', '1');
  await waiting.promise;
  await asyncInvocations.close();
  expect(dropped).toMatchObject([{ attempts: 1, error: { errorMessage: 'one' } }]);
});
