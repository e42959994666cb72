/** An execution's history as Step Functions would number it, from the steps that were seen. */
import type { Execution, Transition } from './execution.ts';

/** One event of a history; details are left out but for the state's name and the error. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** As in the API, for example `TaskStateEntered`. */
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly stateEnteredEventDetails?: { readonly name: string };
  readonly stateExitedEventDetails?: { readonly name: string };
  readonly lambdaFunctionFailedEventDetails?: { readonly error: string };
}

type Event = Omit<HistoryEvent, 'id' | 'previousEventId'>;

/** Most events that a history holds (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
export const MAX_HISTORY_EVENTS = 25_000;

const endings: Readonly<Record<Execution['status'], string | null>> = {
  RUNNING: null,
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

/**
 * The history of an execution.
 *
 * @param execution - with its ending, if it has ended
 * @param transitions - its steps, oldest first
 */
export function historyOf(
  execution: Execution,
  transitions: readonly Transition[],
): HistoryEvent[] {
  const end = endings[execution.status];
  const events: Event[] = [
    { type: 'ExecutionStarted', timestamp: execution.startDate },
    ...mapIterations(transitions),
    ...(end === null ? [] : [{ type: end, timestamp: execution.stopDate ?? 0 }]),
  ];
  return events.map((event, index) => ({ id: index + 1, previousEventId: index, ...event }));
}

/** Each item of a Map has a start and an end of its own, which the steps do not tell. */
function mapIterations(transitions: readonly Transition[]): Event[] {
  const first = new Map<number, Transition>();
  const last = new Map<number, Transition>();
  for (const one of transitions) {
    if (one.index === null) continue;
    if (!first.has(one.index)) first.set(one.index, one);
    last.set(one.index, one);
  }
  return transitions.flatMap((one) => [
    ...(one.index !== null && first.get(one.index) === one
      ? [{ type: 'MapIterationStarted', timestamp: one.at }]
      : []),
    ...eventsOf(one),
    ...(one.index !== null && last.get(one.index) === one
      ? [{ type: 'MapIterationSucceeded', timestamp: one.at }]
      : []),
  ]);
}

function eventsOf({ kind, type, state: name, at: timestamp, error }: Transition): Event[] {
  const isTask = type === 'Task';
  const event = (suffix: string): Event => ({ type: `LambdaFunction${suffix}`, timestamp });
  const attempt = [event('Scheduled'), event('Started')];
  if (kind === 'entered') {
    return [
      { type: `${type}StateEntered`, timestamp, stateEnteredEventDetails: { name } },
      ...(isTask ? attempt : []),
      ...(type === 'Map' ? [{ type: 'MapStateStarted', timestamp }] : []),
    ];
  }
  const exited: Event = {
    type: `${type}StateExited`,
    timestamp,
    stateExitedEventDetails: { name },
  };
  if (kind === 'exited') {
    const succeeded = type === 'Map' ? [{ type: 'MapStateSucceeded', timestamp }] : [];
    return [...(isTask ? [event('Succeeded')] : succeeded), exited];
  }
  if (kind === 'retried') return isTask ? attempt : [];
  if (kind === 'caught') return [exited];
  return isTask
    ? [{ ...event('Failed'), lambdaFunctionFailedEventDetails: { error: error ?? '' } }]
    : [];
}
