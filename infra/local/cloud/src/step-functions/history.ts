/** Derives an execution's history, numbered as on AWS, from its recorded steps. */
import type { Execution, Transition } from './execution.ts';
import { roleArnOf } from './start.ts';
import { type StepEvent, stepEvents } from './step-events.ts';

/** One event of a history. Its other fields are the details, for example `stateEnteredEventDetails`. */
export interface HistoryEvent extends StepEvent {
  readonly id: number;
  readonly previousEventId: number;
}

/** An event without inputs and outputs. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  const isDetails = (value: unknown) => typeof value === 'object' && value !== null;
  const bare = (value: unknown) =>
    isDetails(value) ? { ...value, input: undefined, output: undefined } : value;
  const fields = Object.entries(event).map(([name, value]) => [name, bare(value)]);
  const { id, previousEventId, type, timestamp } = event;
  return { ...Object.fromEntries(fields), id, previousEventId, type, timestamp };
}

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
  const events: StepEvent[] = [
    {
      type: 'ExecutionStarted',
      timestamp: execution.startDate,
      executionStartedEventDetails: { input: execution.input, roleArn: roleArnOf(execution) },
    },
    ...stepEvents(transitions),
    ...(end === null ? [] : [endOf(execution, end)]),
  ];
  return events.map((event, index) => ({ id: index + 1, previousEventId: index, ...event }));
}

function endOf({ stopDate, output, error, cause }: Execution, type: string): StepEvent {
  const details =
    type === 'ExecutionSucceeded'
      ? { output: output ?? 'null' }
      : { ...(error !== null && { error }), ...(cause !== null && { cause }) };
  const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
  return { type, timestamp: stopDate ?? 0, [field]: details };
}
