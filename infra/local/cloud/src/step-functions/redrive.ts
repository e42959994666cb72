/** Where a redriven execution continues (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html). */
import type { Workflow } from './definition.ts';
import type { Execution, Transition } from './execution.ts';

/** An attempt that has ended, with its steps. */
export interface Attempt {
  readonly execution: Execution;
  readonly transitions: readonly Transition[];
}

/** Returns the reason why an execution with that status cannot be redriven. */
export function cannotRedrive(status: Execution['status']): string {
  return `Execution is ${status} and cannot be redriven`;
}

/** Returns why an ended attempt cannot be redriven; null if it can. */
export function redriveObstacle(definition: Workflow, attempt: Attempt): string | null {
  const { status } = attempt.execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return cannotRedrive(status);
  const { type = null, state } = unsuccessful(definition, attempt.transitions) ?? {};
  // AWS continues only the failed items and branches.
  return type === 'Map' || type === 'Parallel'
    ? `Redriving a ${type} state is not supported locally (${state})`
    : null;
}

/**
 * Returns the definition that starts with the unsuccessful state, and that state's input as JSON text.
 *
 * @param attempts - oldest first; one that was stopped at once may have no steps
 */
export function restartOf(
  { definition }: { readonly definition: Workflow },
  input: string,
  attempts: readonly Attempt[],
): { readonly definition: Workflow; readonly startInput: string } {
  const steps = attempts.flatMap(({ transitions }) => transitions);
  const from = unsuccessful(definition, steps);
  return from === undefined
    ? { definition, startInput: input }
    : { definition: { ...definition, StartAt: from.state }, startInput: from.input };
}

/** Returns the last entrance of a state outside Maps and Parallels. */
function unsuccessful(
  { States }: Workflow,
  transitions: readonly Transition[],
): Transition | undefined {
  return transitions.findLast(
    ({ kind, state, index }) =>
      kind === 'entered' && index === null && Object.hasOwn(States, state),
  );
}
