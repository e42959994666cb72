/** Derives an execution's history, numbered as on AWS, from its recorded steps. */
import type { Execution, Transition } from './execution.ts';
import { roleArnOf } from './start.ts';

/** One event of a history. Details of states are only their names, and those of attempts only the error. */
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
  readonly executionStartedEventDetails?: { readonly input?: string; readonly roleArn: string };
  readonly executionSucceededEventDetails?: { readonly output?: string };
  readonly executionFailedEventDetails?: Ended;
  readonly executionAbortedEventDetails?: Ended;
  readonly executionTimedOutEventDetails?: Ended;
}

interface Ended {
  readonly error?: string;
  readonly cause?: string;
}

/** An event without the input and the output of the execution. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  const { executionStartedEventDetails: started, executionSucceededEventDetails: succeeded } =
    event;
  if (started) {
    return { ...event, executionStartedEventDetails: { roleArn: started.roleArn } };
  }
  return succeeded ? { ...event, executionSucceededEventDetails: {} } : event;
}

type Event = Omit<HistoryEvent, 'id' | 'previousEventId'>;

/** Maximum number of events in a history (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
export const MAX_HISTORY_EVENTS = 25_000;

const endings: Readonly<Record<Execution['status'], string | null>> = {
  RUNNING: null,
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

/**
 * Returns the history of an execution.
 *
 * @param transitions - oldest first
 */
export function historyOf(
  execution: Execution,
  transitions: readonly Transition[],
): HistoryEvent[] {
  const end = endings[execution.status];
  const events: Event[] = [
    {
      type: 'ExecutionStarted',
      timestamp: execution.startDate,
      executionStartedEventDetails: { input: execution.input, roleArn: roleArnOf(execution) },
    },
    ...mapIterations(transitions),
    ...(end === null ? [] : [endOf(execution, end)]),
  ];
  return events.map((event, index) => ({ id: index + 1, previousEventId: index, ...event }));
}

function endOf({ stopDate, output, error, cause }: Execution, type: string): Event {
  const details =
    type === 'ExecutionSucceeded'
      ? { output: output ?? 'null' }
      : { ...(error !== null && { error }), ...(cause !== null && { cause }) };
  const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
  return { type, timestamp: stopDate ?? 0, [field]: details };
}

/** Adds the start and the end of each item of a Map, which the steps do not include. */
function mapIterations(transitions: readonly Transition[]): Event[] {
  const first = new Map<number, Transition>();
  const last = new Map<number, Transition>();
  for (const step of transitions) {
    if (step.index === null) continue;
    if (!first.has(step.index)) first.set(step.index, step);
    last.set(step.index, step);
  }
  const isIn = (ends: ReadonlyMap<number, Transition>, step: Transition) =>
    step.index !== null && ends.get(step.index) === step;
  return transitions.flatMap((step) => [
    ...(isIn(first, step) ? [{ type: 'MapIterationStarted', timestamp: step.at }] : []),
    ...eventsOf(step),
    ...(isIn(last, step) ? [{ type: 'MapIterationSucceeded', timestamp: step.at }] : []),
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
