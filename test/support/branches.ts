/** The named branches of a definition, and those that an execution has taken. */

import {
  isRecord,
  type NamedState,
  statesOf,
  type Transition,
  type Workflow,
} from '@local/cloud/step-functions';

/**
 * All branches: each state, each rule and the default of a Choice, each entry of Catch and of Retry.
 *
 * @throws Error when two rules of one Choice lead to the same state: a history does not tell them apart
 */
export function branchesOf(definition: Workflow): string[] {
  return statesOf(definition).flatMap((one) => {
    const ways = waysOf(one);
    const targets = ways.map(({ next }) => next);
    if (new Set(targets).size < targets.length) throw new Error(`${one.name}: two ways, one state`);
    return [
      one.name,
      ...ways.map(({ branch }) => branch),
      ...entriesOf(one, 'Retry').map(({ branch }) => branch),
      ...entriesOf(one, 'Catch').map(({ branch }) => branch),
    ];
  });
}

/** The branches that no execution has taken. @param executions - the steps of each, oldest first */
export function uncoveredBranches(
  definition: Workflow,
  executions: readonly (readonly Transition[])[],
): string[] {
  const taken = new Set(executions.flatMap((steps) => branchesTaken(definition, steps)));
  return branchesOf(definition).filter((branch) => !taken.has(branch));
}

/** The branches that an execution has taken; some more than once. */
export function branchesTaken(definition: Workflow, steps: readonly Transition[]): string[] {
  const states = new Map(statesOf(definition).map((one) => [one.name, one]));
  // The steps of a Map's items are interleaved; each item is a separate sequence.
  const sequences = Map.groupBy(steps, ({ index }) => index);
  return [...sequences.values()].flatMap((sequence) =>
    sequence.flatMap((step, at) => {
      const state = states.get(step.state);
      return state ? takenBy(step, state, sequence.slice(at + 1), sequence.slice(0, at)) : [];
    }),
  );
}

function takenBy(
  { kind, state }: Transition,
  named: NamedState,
  after: readonly Transition[],
  before: readonly Transition[],
): string[] {
  if (kind === 'entered') {
    const next = after.find((step) => step.kind === 'entered')?.state;
    const way = waysOf(named).find((one) => one.next === next);
    return [state, ...(way ? [way.branch] : [])];
  }
  if (kind !== 'retried' && kind !== 'caught') return [];
  const error = before.findLast((step) => step.kind === 'failed' && step.state === state)?.error;
  const entries = entriesOf(named, kind === 'retried' ? 'Retry' : 'Catch');
  // As Step Functions chooses: the first that names the error, or all errors.
  const entry = entries.find(
    ({ errors }) => errors.includes(error) || errors.includes('States.ALL'),
  );
  return entry ? [entry.branch] : [];
}

/** Where a Choice leads. */
function waysOf({ name, state }: NamedState) {
  if (state.Type !== 'Choice') return [];
  const rules = listOf(state.Choices).map(({ Next }, at) => ({ next: Next, way: `rule ${at}` }));
  const all =
    state.Default === undefined ? rules : [...rules, { next: state.Default, way: 'default' }];
  return all.map(({ next, way }) => ({ next, branch: `${name}: ${way} -> ${String(next)}` }));
}

function entriesOf({ name, state }: NamedState, field: 'Retry' | 'Catch') {
  return listOf(state[field]).map(({ ErrorEquals }, at) => {
    const errors: unknown[] = Array.isArray(ErrorEquals) ? ErrorEquals : [];
    const more = errors.length > 1 ? ` and ${errors.length - 1} more` : '';
    return { errors, branch: `${name}: ${field} ${at} (${String(errors[0])}${more})` };
  });
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
