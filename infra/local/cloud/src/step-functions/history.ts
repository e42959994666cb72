/** Derives an execution's history, numbered as on AWS, from its recorded steps. */
import type { Execution, Transition } from './execution.ts';
import type { Attempt } from './redrive.ts';
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
 * @param transitions - since the last redrive, oldest first
 * @param earlier - attempts before the last redrive, oldest first
 */
export function historyOf(
  execution: Execution,
  transitions: readonly Transition[],
  earlier: readonly Attempt[] = [],
): HistoryEvent[] {
  return [...earlier, { execution, transitions }]
    .flatMap(eventsOfAttempt)
    .map((event, index) => ({ id: index + 1, previousEventId: index, ...event }));
}

function eventsOfAttempt(
  { execution, transitions }: Attempt,
  index: number,
  attempts: readonly Attempt[],
): StepEvent[] {
  const end = endings[execution.status];
  const steps = stepEvents(transitions);
  return [
    startOf(execution),
    // A redriven state was entered before, unless the execution was stopped at once.
    ...(attempts.slice(0, index).some(hasSteps) ? steps.slice(1) : steps),
    ...(end === null ? [] : [endOf(execution, end)]),
  ];
}

const hasSteps = ({ transitions }: Attempt) => transitions.length > 0;

function startOf(execution: Execution): StepEvent {
  const { startDate, input, redriveCount, redriveDate } = execution;
  return redriveDate === null
    ? {
        type: 'ExecutionStarted',
        timestamp: startDate,
        executionStartedEventDetails: { input, roleArn: roleArnOf(execution) },
      }
    : {
        type: 'ExecutionRedriven',
        timestamp: redriveDate,
        executionRedrivenEventDetails: { redriveCount },
      };
}

function endOf({ stopDate, output, error, cause }: Execution, type: string): StepEvent {
  const details =
    type === 'ExecutionSucceeded'
      ? { output: output ?? 'null' }
      : { ...(error !== null && { error }), ...(cause !== null && { cause }) };
  const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
  return { type, timestamp: stopDate ?? 0, [field]: details };
}
