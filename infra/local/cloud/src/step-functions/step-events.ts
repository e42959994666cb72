/** Events of a history for the steps of an execution. */
import type { Transition } from './execution.ts';

/** An event without its number. */
export interface StepEvent {
  /** As in the API, for example `TaskStateEntered`. */
  readonly type: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Details. */
  readonly [field: string]: unknown;
}

/** Returns the events of steps, with the start and the end of each item of a Map, which steps do not include. */
export function stepEvents(transitions: readonly Transition[]): StepEvent[] {
  const first = new Map<number, Transition>();
  const last = new Map<number, Transition>();
  for (const step of transitions) {
    if (step.index === null) continue;
    if (!first.has(step.index)) first.set(step.index, step);
    last.set(step.index, step);
  }
  const isIn = (ends: ReadonlyMap<number, Transition>, step: Transition) =>
    step.index !== null && ends.get(step.index) === step;
  const ended = ({ kind }: Transition) => (kind === 'failed' ? 'Failed' : 'Succeeded');
  const caught = new Set<string>();
  const isCaughtExit = ({ kind, state, index }: Transition) => {
    const key = `${index} ${state}`;
    if (kind === 'caught') caught.add(key);
    return kind === 'exited' && caught.delete(key);
  };
  return transitions.flatMap((step) => [
    ...(isIn(first, step) ? [{ type: 'MapIterationStarted', timestamp: step.at }] : []),
    ...eventsOf(step, isCaughtExit(step)),
    ...(isIn(last, step) ? [{ type: `MapIteration${ended(step)}`, timestamp: step.at }] : []),
  ]);
}

/** @param isCaught - whether the state was left because an error was caught */
function eventsOf(step: Transition, isCaught: boolean): StepEvent[] {
  const { kind, type, state: name, at: timestamp, input, output } = step;
  const hasParts = type === 'Map' || type === 'Parallel';
  const part = (suffix: string) => [{ type: `${type}State${suffix}`, timestamp }];
  const inner = (suffix: 'Succeeded' | 'Failed') => {
    if (type === 'Task') return [taskEvent(step, suffix)];
    return hasParts ? part(suffix) : [];
  };
  if (kind === 'entered') {
    const entered = { type: `${type}StateEntered`, timestamp };
    return [
      { ...entered, stateEnteredEventDetails: { name, input } },
      ...(type === 'Task' ? attempt(step) : []),
      ...(hasParts ? part('Started') : []),
    ];
  }
  if (kind === 'exited') {
    const exited = { type: `${type}StateExited`, timestamp };
    return [
      ...(isCaught ? [] : inner('Succeeded')),
      { ...exited, stateExitedEventDetails: { name, output } },
    ];
  }
  if (kind === 'failed') return inner('Failed');
  return kind === 'retried' && type === 'Task' ? attempt(step) : [];
}

/** Returns the events of the start of a task's attempt. */
function attempt(step: Transition): StepEvent[] {
  return [taskEvent(step, 'Scheduled'), taskEvent(step, 'Started')];
}

/** Returns an event of a task, whose kind depends on how its definition names the function. */
function taskEvent(
  { resource, at: timestamp, error, cause }: Transition,
  suffix: 'Scheduled' | 'Started' | 'Succeeded' | 'Failed',
): StepEvent {
  const isIntegration = resource?.endsWith(':states:::lambda:invoke') ?? false;
  const failure = suffix === 'Failed' && { error: error ?? undefined, cause: cause ?? undefined };
  if (isIntegration) {
    const details = { resourceType: 'lambda', resource: 'invoke', ...failure };
    return { type: `Task${suffix}`, timestamp, [`task${suffix}EventDetails`]: details };
  }
  const event = { type: `LambdaFunction${suffix}`, timestamp };
  if (suffix === 'Scheduled') {
    return { ...event, lambdaFunctionScheduledEventDetails: { resource } };
  }
  return failure ? { ...event, lambdaFunctionFailedEventDetails: failure } : event;
}
