/** An event bus with a clock that jumps, and what it delivers. */
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { DeadLetter } from '../../src/events/dead-letter.ts';
import {
  createEventBus,
  type DeliveryReport,
  type EventBusOptions,
} from '../../src/events/event-bus.ts';
import type { EventRule, EventTarget } from '../../src/events/rule.ts';
import type { AwsCall } from '../../src/types.ts';

export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
export const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
export const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead';

export const rule = (
  target: Partial<EventTarget> = {},
  more: Partial<EventRule> = {},
): EventRule => ({
  name: 'rule',
  arn: 'arn:aws:events:us-east-1:000000000000:rule/rule',
  pattern: { source: ['aws.ec2'] },
  targets: [{ arn: FUNCTION, ...target }],
  ...more,
});

/** A clock that jumps over every wait, and keeps them. */
export function jumpingClock(): Clock & { readonly waits: number[] } {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    setting: { speed: 1, origin: 0 },
    now: () => now,
    async sleep(ms) {
      waits.push(ms);
      now += ms;
    },
  };
}

export function open(rules: readonly EventRule[], options: Partial<EventBusOptions> = {}) {
  const delivered: { arn: string; input: unknown }[] = [];
  const letters: DeadLetter[] = [];
  const reports: DeliveryReport[] = [];
  const calls: AwsCall[] = [];
  const clock = jumpingClock();
  const bus = createEventBus({
    rules,
    clock,
    recorder: { record: (call) => calls.push(call) },
    deliver: async (arn, input) => {
      delivered.push({ arn, input: JSON.parse(input) });
    },
    onDeadLetter: (letter) => {
      letters.push(letter);
    },
    onDelivery: (report) => reports.push(report),
    random: () => 1,
    ...options,
  });
  onTestFinished(() => bus.close());
  return { bus, delivered, letters, reports, calls, clock };
}

export const failing = (error: Error) => ({ deliver: () => Promise.reject(error) });
