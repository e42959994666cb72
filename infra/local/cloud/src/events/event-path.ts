/** The paths that select a part of an event: `$`, `$.detail.object.key`, `$.resources[0]`. */
import { ownField } from './json.ts';

/** Gives the part of an event; undefined when there is none. */
export type EventPath = (event: unknown) => unknown;

/** A path or template that EventBridge refuses, or that the local run cannot follow. */
export class TargetInputError extends Error {
  override readonly name = 'TargetInputError';
}

const STEP = /\.([\w/-]+)|\[(\d+)\]/y;

/**
 * Compiles a path.
 *
 * @throws TargetInputError for other JSONPath, wildcards included
 */
export function compileEventPath(path: string): EventPath {
  const steps: (string | number)[] = [];
  let at = 1;
  while (path.startsWith('$') && at < path.length) {
    STEP.lastIndex = at;
    const [step, field, index] = STEP.exec(path) ?? [];
    if (step === undefined) break;
    steps.push(field ?? Number(index));
    at += step.length;
  }
  if (!path.startsWith('$') || at < path.length) {
    throw new TargetInputError(`The local run cannot follow the path "${path}"`);
  }
  return (event) =>
    steps.reduce<unknown>(
      (value, step) =>
        typeof step === 'string'
          ? ownField(value, step)
          : Array.isArray(value)
            ? value[step]
            : undefined,
      event,
    );
}
