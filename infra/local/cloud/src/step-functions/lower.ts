/**
 * Rewrites a definition for the engine (aws-local-stepfunctions 3.0.0), so that it runs as on AWS:
 * times go by the local run's clock, and what the engine would silently do wrong is said otherwise.
 */
import { isRecord, type State, type Workflow } from './definition.ts';

/** Longest time that the engine's timers take, seconds. */
const MAX_SECONDS = 2_147_000;

/** Where the engine finds the context object; its own `Execution` is wrong within a Map. */
export const CONTEXT = 'Local';

/**
 * Rewrites a definition, or what is within a state.
 *
 * @param workflow - checked
 * @param speed - of the clock
 */
export function lower(workflow: Workflow, speed: number): Workflow {
  const { TimeoutSeconds: timeout } = workflow;
  return {
    ...workflow,
    ...(typeof timeout === 'number' && { TimeoutSeconds: scaled(timeout, speed) }),
    States: Object.fromEntries(
      Object.entries(workflow.States).map(([name, state]) => [
        name,
        lowerState(name, state, speed),
      ]),
    ),
  };
}

function scaled(seconds: number, speed: number): number {
  return Math.min(MAX_SECONDS, seconds / speed);
}

function lowerState(name: string, state: State, speed: number): State {
  const { ItemProcessor, Iterator: iterator, Branches, ...own } = state;
  const processor = ItemProcessor ?? iterator;
  const context = contextOf(name);
  const lowered = {
    ...rewriteFields(own, context),
    ...retryAndCatch(state, speed),
    ...(isWorkflow(processor) && { ItemProcessor: lower(processor, speed) }),
    ...(Array.isArray(Branches) && {
      Branches: Branches.filter(isWorkflow).map((branch) => lower(branch, speed)),
    }),
  };
  return lowerByType({ ...withoutRootResultPath(lowered), Type: state.Type }, speed);
}

function lowerByType(state: State, speed: number): State {
  if (state.Type === 'Wait') return waitAsTask(state);
  if (state.Type === 'Choice') return { ...state, Choices: positiveTests(state.Choices) };
  if (state.Type === 'Pass' && 'Result' in state && !state.Result) {
    // The engine ignores a Result that is false, 0, "" or null.
    const { Result, ...rest } = state;
    return { ...rest, Parameters: Result };
  }
  if (state.Type !== 'Task') return state;
  const { TimeoutSeconds: timeout } = state;
  // The engine's default is 60 s; on AWS it is 99,999,999.
  const seconds = typeof timeout === 'number' ? scaled(timeout, speed) : MAX_SECONDS;
  return { ...state, TimeoutSeconds: seconds };
}

/** A Wait sleeps by the machine's clock, so it becomes a task, which sleeps by ours (task.ts). */
function waitAsTask(state: State): State {
  const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = state;
  return { ...rest, Type: 'Task', Resource: 'wait', TimeoutSeconds: MAX_SECONDS };
}

function retryAndCatch(state: State, speed: number): Partial<State> {
  const retriers = Array.isArray(state.Retry) ? state.Retry.filter(isRecord) : [];
  const catchers = Array.isArray(state.Catch) ? state.Catch.filter(isRecord) : [];
  return {
    ...(retriers.length > 0 && { Retry: retriers.map((retrier) => scaledRetrier(retrier, speed)) }),
    ...(catchers.length > 0 && { Catch: catchers.map(withoutRootResultPath) }),
  };
}

function scaledRetrier(retrier: Readonly<Record<string, unknown>>, speed: number) {
  const { IntervalSeconds: interval = 1, MaxDelaySeconds: longest } = retrier;
  return {
    ...retrier,
    IntervalSeconds: Number(interval) / speed,
    ...(typeof longest === 'number' && { MaxDelaySeconds: longest / speed }),
  };
}

/** `$` is the default; the engine would make a field of that name. */
function withoutRootResultPath(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { ResultPath: path, ...rest } = fields;
  return path === '$' ? rest : fields;
}

const TYPE_TESTS = [
  'IsPresent',
  'IsNull',
  'IsNumeric',
  'IsString',
  'IsBoolean',
  'IsTimestamp',
] as const;

/** The engine never matches a test for false. */
function positiveTests(rules: unknown): unknown {
  if (Array.isArray(rules)) return rules.map(positiveTests);
  if (!isRecord(rules)) return rules;
  const test = TYPE_TESTS.find((name) => rules[name] === false);
  if (test !== undefined) {
    const { Next, Variable } = rules;
    return {
      Not: { Variable, [test]: true },
      ...(Next !== undefined && { Next }),
    };
  }
  return Object.fromEntries(
    Object.entries(rules).map(([name, value]) =>
      ['And', 'Or', 'Not'].includes(name) ? [name, positiveTests(value)] : [name, value],
    ),
  );
}

/** How the references of a state to the context object are rewritten. */
function contextOf(stateName: string): (text: string) => string {
  return (text) =>
    text
      .replaceAll(/\$\$\.State\.Name\b/g, () => `$$.${CONTEXT}.States['${stateName}']`)
      .replaceAll(/\$\$\.(?=Execution|StateMachine)/g, () => `$$.${CONTEXT}.`);
}

function rewriteTexts(value: unknown, rewrite: (text: string) => string): unknown {
  if (typeof value === 'string') return rewrite(value);
  if (Array.isArray(value)) return value.map((item) => rewriteTexts(item, rewrite));
  return isRecord(value) ? rewriteFields(value, rewrite) : value;
}

function rewriteFields(
  fields: Readonly<Record<string, unknown>>,
  rewrite: (text: string) => string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => [key, rewriteTexts(inner, rewrite)]),
  );
}

function isWorkflow(value: unknown): value is Workflow {
  return isRecord(value) && 'States' in value;
}
