/**
 * Rewrites a definition for the engine (aws-local-stepfunctions 3.0.0) so that it runs as on AWS: times
 * follow the local run's clock, and constructs that the engine runs wrong are replaced by equivalent ones.
 */
import { isRecord } from '../json.ts';
import { isDistributed, type State, type Workflow } from './definition.ts';
import { isJsonataPass } from './jsonata.ts';
import { CONTEXT, lowerRandom } from './random.ts';

/** Maximum delay of the engine's timers, seconds. */
const MAX_SECONDS = 2_147_000;

/**
 * Rewrites a definition, an item processor or a branch.
 *
 * @param workflow - accepted by `checkDefinition`
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
  if (isDistributed(state)) return lowerState(name, mapAsTask(state), speed);
  if (isJsonataPass(state)) return jsonataAsTask(state);
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
    // The engine ignores the results false, 0, "" and null.
    const { Result, ...rest } = state;
    return { ...rest, Parameters: Result };
  }
  if (state.Type !== 'Task') return state;
  const { TimeoutSeconds: timeout } = state;
  // The engine's default is 60 s; on AWS it is 99,999,999.
  const seconds = typeof timeout === 'number' ? scaled(timeout, speed) : MAX_SECONDS;
  return { ...state, TimeoutSeconds: seconds };
}

/** Turns a Wait into a task, since the engine waits in real time and tasks follow our clock (task.ts). */
function waitAsTask(state: State): State {
  const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = state;
  return { ...rest, Type: 'Task', Resource: 'wait', TimeoutSeconds: MAX_SECONDS };
}

/** Turns a Pass in JSONata into a task, since the engine knows JSONPath only (jsonata.ts). */
function jsonataAsTask({ QueryLanguage, Output, ...rest }: State): State {
  return { ...rest, Type: 'Task', Resource: 'jsonata', TimeoutSeconds: MAX_SECONDS };
}

/** Turns a distributed Map into a task, since the engine runs inline Maps only (distributed-map.ts). */
function mapAsTask({
  ItemProcessor,
  ItemReader,
  ItemBatcher,
  ResultWriter,
  ...rest
}: State): State {
  return { ...rest, Type: 'Task', Resource: 'distributed-map' };
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

/** Drops the default `$`, which the engine takes for the name of a field. */
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

/** Negates tests for false, which the engine never matches. */
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

/** Rewrites the references of a state to the context object. */
function contextOf(stateName: string): (text: string) => string {
  return (text) =>
    lowerRandom(text)
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
