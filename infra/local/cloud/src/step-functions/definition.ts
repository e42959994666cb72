/** Definitions in the Amazon States Language (https://states-language.net), as far as the local run looks into them. */
import * as z from 'zod/mini';

/** A state; its fields depend on its type. */
export interface State {
  readonly Type: string;
  readonly [field: string]: unknown;
}

/** States with a start: a whole definition, a Map's item processor, or a branch of a Parallel. */
export interface Workflow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly [field: string]: unknown;
}

const workflow = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), z.looseObject({ Type: z.string() })),
});

/** Whether a value is an object that is no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a workflow.
 *
 * @throws Error when it has no states
 */
export function readWorkflow(value: unknown): Workflow {
  return workflow.parse(value);
}

/** The workflows within a state: a Map's item processor, or the branches of a Parallel. */
export function workflowsIn(state: State): Workflow[] {
  const branches = Array.isArray(state.Branches) ? state.Branches : [];
  return [state.ItemProcessor ?? state.Iterator, ...branches]
    .filter((inner) => inner !== undefined)
    .map(readWorkflow);
}

/** A state by name, and whether an item processor is around it. */
export interface NamedState {
  readonly name: string;
  readonly state: State;
  readonly isInMap: boolean;
}

/** All states, those of Maps and Parallels included. */
export function statesOf({ States }: Workflow, isInMap = false): NamedState[] {
  return Object.entries(States).flatMap(([name, state]) => [
    { name, state, isInMap },
    ...workflowsIn(state).flatMap((inner) => statesOf(inner, isInMap || state.Type === 'Map')),
  ]);
}

/** Every text of a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
