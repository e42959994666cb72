/** The event buses of the local run: match, deliver, retry, dead-letter. */
import type { Clock } from '../clock.ts';
import type { CallRecorder } from '../types.ts';
import { type DeadLetter, deadLetterOf } from './dead-letter.ts';
import { DeliveryError, deliverWithRetries, type Failure } from './delivery.ts';
import type { BusEvent } from './event.ts';
import { DEFAULT_BUS, type EventRule, type EventTarget, isFor, loadRule } from './rule.ts';
import { recordedCall } from './target-call.ts';

/** The result of one delivery attempt. */
export interface DeliveryReport {
  readonly ruleName: string;
  readonly targetArn: string;
  readonly eventId: string;
  readonly outcome: 'delivered' | 'retrying' | 'dead-lettered' | 'dropped';
  /** Why the event was not delivered. */
  readonly error?: DeliveryError;
}

export interface EventBusOptions {
  readonly rules: readonly EventRule[];
  /** Names of buses besides `default`. @default the buses of the rules */
  readonly busNames?: readonly string[];
  readonly clock: Clock;
  readonly recorder: CallRecorder;
  /**
   * Invokes a target.
   *
   * @param payload - JSON text
   * @throws DeliveryError, or UnknownFunctionError (not retried); other errors are retried
   */
  readonly deliver: (targetArn: string, payload: string) => Promise<void>;
  /** Sends an event that could not be delivered to its dead-letter queue. */
  readonly onDeadLetter: (letter: DeadLetter) => Promise<void> | void;
  readonly onDelivery?: (report: DeliveryReport) => void;
  /** Jitter, from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

export interface EventBus {
  readonly busNames: ReadonlySet<string>;
  /**
   * Accepts an event and delivers it in the background.
   *
   * @param busName - events on an unknown bus match no rule
   */
  put(event: BusEvent, busName?: string): void;
  /** Waits for all deliveries, including their retries. */
  idle(): Promise<void>;
  /** Stops waiting retries; their events are lost. */
  close(): Promise<void>;
}

/**
 * Creates the buses.
 *
 * @throws Error that names a rule which is not valid or not supported
 */
export function createEventBus(options: EventBusOptions): EventBus {
  const rules = options.rules.map(loadRule);
  const busNames = new Set([
    DEFAULT_BUS,
    ...rules.map(({ busName }) => busName),
    ...(options.busNames ?? []),
  ]);
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  const start = (delivery: TargetDelivery) => {
    const ended = deliverTo(options, delivery, closing.signal).finally(() => running.delete(ended));
    running.add(ended);
  };
  const idle = async () => {
    // A delivery may put more events.
    while (running.size > 0) await Promise.all(running);
  };
  return {
    busNames,
    put(event, busName = DEFAULT_BUS) {
      if (closing.signal.aborted) return;
      for (const loaded of rules.filter((each) => isFor(each, busName, event))) {
        for (const target of loaded.rule.targets) start({ event, rule: loaded.rule, target });
      }
    },
    idle,
    close() {
      closing.abort();
      return idle();
    },
  };
}

interface TargetDelivery {
  readonly event: BusEvent;
  readonly rule: EventRule;
  readonly target: EventTarget;
}

async function deliverTo(options: EventBusOptions, delivery: TargetDelivery, signal: AbortSignal) {
  const { event, rule, target } = delivery;
  const report = (outcome: DeliveryReport['outcome'], error?: DeliveryError) =>
    options.onDelivery?.({
      ruleName: rule.name,
      targetArn: target.arn,
      eventId: event.id,
      outcome,
      ...(error ? { error } : {}),
    });
  try {
    const failure = await attempts(options, delivery, signal, (error) => report('retrying', error));
    if (!failure) report('delivered');
    else report(await giveUp(options, delivery, failure), failure.error);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report('dropped', new DeliveryError('INTERNAL_ERROR', message, false));
  }
}

function attempts(
  { clock, random = Math.random, deliver, recorder }: EventBusOptions,
  { event, target }: TargetDelivery,
  signal: AbortSignal,
  onRetry: (error: DeliveryError) => void,
): Promise<Failure | undefined> {
  const { maximumRetryAttempts = 185, maximumEventAgeInSeconds = 86_400 } =
    target.retryPolicy ?? {};
  const attempt = async () => {
    const call = recordedCall(target.arn, target.roleId);
    if (call) recorder.record(call);
    const refusal = call && recorder.refusalOf?.(call);
    if (refusal !== undefined) throw new DeliveryError('NO_PERMISSIONS', refusal, false);
    await deliver(target.arn, JSON.stringify(event));
  };
  const limits = { maxRetries: maximumRetryAttempts, maxAgeMs: maximumEventAgeInSeconds * 1000 };
  return deliverWithRetries({ attempt, limits, clock, random, signal, onRetry });
}

async function giveUp(
  { onDeadLetter, recorder }: EventBusOptions,
  { event, rule, target }: TargetDelivery,
  failure: Failure,
): Promise<'dead-lettered' | 'dropped'> {
  if (target.deadLetterArn === undefined) return 'dropped';
  const call = recordedCall(target.deadLetterArn);
  if (call) recorder.record(call);
  await onDeadLetter(deadLetterOf(event, rule.arn, target.arn, target.deadLetterArn, failure));
  return 'dead-lettered';
}
