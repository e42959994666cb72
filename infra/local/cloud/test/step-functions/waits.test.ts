import { expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { ARN, engineOf, resultOf } from './harness.ts';

it.each([
  ['Seconds', { Seconds: 86_400 }],
  ['SecondsPath', { SecondsPath: "$.wait['for'][1]" }],
  ['TimestampPath', { TimestampPath: '$.at' }],
])('waits for %s on the scaled clock, and passes its input on', async (_, fields) => {
  const clock = createClock(1e6);
  const engine = engineOf({ Wait: { Type: 'Wait', ...fields, End: true } }, { clock });
  const at = new Date(clock.now() + 86_400_000).toISOString();
  const input = { wait: { for: [0, 86_400] }, at };
  const { executionArn, startDate } = engine.startExecution({
    stateMachineArn: ARN,
    input: JSON.stringify(input),
  });
  const ended = await engine.ended(executionArn);
  expect(JSON.parse(ended.output ?? '')).toEqual(input);
  // A millisecond is 1000 s here.
  expect((ended.stopDate ?? 0) - startDate).toBeGreaterThan(60_000_000);
});

it('does not wait for a past time, and accepts the input null', async () => {
  const Timestamp = '2020-01-01T00:00:00Z';
  const engine = engineOf({ Wait: { Type: 'Wait', Timestamp, End: true } }, { speed: 1 });
  expect(await resultOf(engine, null)).toMatchObject({ status: 'SUCCEEDED', output: null });
});

it('fails with States.Runtime if the seconds are not a number', async () => {
  const engine = engineOf({ Wait: { Type: 'Wait', SecondsPath: '$.seconds', End: true } });
  expect(await resultOf(engine, { seconds: 'soon' })).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
  });
});
