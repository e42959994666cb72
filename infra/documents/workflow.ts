/** The parts of an Amazon States Language definition (https://states-language.net) that the documents show. */
import * as z from 'zod/mini';

/** A state; its other fields depend on its type. */
export interface State {
  readonly Type: string;
  readonly [field: string]: unknown;
}

/** States with a start: a whole definition, or a Map's item processor. */
export interface Workflow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly [field: string]: unknown;
}

const workflow = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), z.looseObject({ Type: z.string() })),
});

/** @throws ZodError when the value has no states */
export function readWorkflow(value: unknown): Workflow {
  return workflow.parse(value);
}

/** Whether a value is an object and not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
