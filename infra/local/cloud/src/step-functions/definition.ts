/** Definitions in the Amazon States Language (https://states-language.net): the parts that the local run reads. */
import * as z from 'zod/mini';
import { isRecord } from '../json.ts';
import type { Invoker } from '../types.ts';
import type { ObjectStore } from './object-store.ts';

/** A state; its fields depend on its type. */
export interface State {
  readonly Type: string;
  readonly [field: string]: unknown;
}

/** A whole definition, a Map's item processor, or a branch of a Parallel. */
export interface Workflow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly [field: string]: unknown;
}

/** A state machine of the template, with its references resolved. */
export interface LocalStateMachine {
  readonly arn: string;
  readonly name: string;
  readonly definition: Workflow;
  /** Invokes its functions with its role. @default the engine's */
  readonly invoker?: Invoker;
  /** Lists and writes objects with its role. @default a distributed Map fails */
  readonly objects?: ObjectStore;
}

const workflow = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), z.looseObject({ Type: z.string() })),
});

/**
 * Reads a workflow.
 *
 * @throws Error when it has no states
 */
export function readWorkflow(value: unknown): Workflow {
  return workflow.parse(value);
}

/** Returns the workflows in a state: a Map's item processor, or the branches of a Parallel. */
export function workflowsIn(state: State): Workflow[] {
  const branches = Array.isArray(state.Branches) ? state.Branches : [];
  return [state.ItemProcessor ?? state.Iterator, ...branches]
    .filter((inner) => inner !== undefined)
    .map(readWorkflow);
}

/** Whether a Map starts child executions. */
export function isDistributed({ Type: type, ItemProcessor: processor }: State): boolean {
  const config = isRecord(processor) ? processor.ProcessorConfig : undefined;
  return type === 'Map' && isRecord(config) && config.Mode === 'DISTRIBUTED';
}

/** A state with its name, and whether it is part of a Map's item processor. */
export interface NamedState {
  readonly name: string;
  readonly state: State;
  readonly isInMap: boolean;
}

/** Returns all states, including those in Maps and Parallels. */
export function statesOf({ States }: Workflow, isInMap = false): NamedState[] {
  return Object.entries(States).flatMap(([name, state]) => [
    { name, state, isInMap },
    // The context object of a child execution is not that of a Map.
    ...workflowsIn(state).flatMap((inner) =>
      statesOf(inner, !isDistributed(state) && (isInMap || state.Type === 'Map')),
    ),
  ]);
}

/** Returns every string in a value, at any depth. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
