/** Runs one execution in the engine, aws-local-stepfunctions. */
import {
  ExecutionAbortedError,
  ExecutionTimeoutError,
  type RunOptions,
  StateMachine,
} from 'aws-local-stepfunctions';
import {
  isDistributed,
  type NamedState,
  type State,
  statesOf,
  type Workflow,
} from './definition.ts';
import { isTooLarge, type Transition } from './execution.ts';
import { isJsonataPass } from './jsonata.ts';
import { lower } from './lower.ts';
import { CONTEXT, newSeed } from './random.ts';
import { RetryHolds } from './retry-holds.ts';
import { runTask, type TaskOptions } from './task.ts';

/** How an execution ended. */
export type Ending =
  | { readonly status: 'SUCCEEDED' /** JSON text. */; readonly output: string }
  | {
      readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
      readonly error: string | null;
      readonly cause: string | null;
    };

/** Options of an execution. */
export interface RunRequest extends Omit<TaskOptions, 'signal'> {
  readonly definition: Workflow;
  /** Input of the first state; JSON text. */
  readonly startInput: string;
  readonly onTransition: (transition: Transition) => void;
}

/** A running execution. */
export interface Run {
  readonly ending: Promise<Ending>;
  /** Ends the execution as ABORTED. */
  abort(): void;
}

/** Starts an execution. */
export function run(request: RunRequest): Run {
  const { definition, clock, startInput, context } = request;
  const ended = new AbortController();
  const taskOptions = { ...request, signal: ended.signal };
  const states = statesOf(definition);
  const tasks = states.filter(isTask);
  const options: RunOptions = {
    context: {
      [CONTEXT]: localContext(context, states),
    },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        tasks.map(({ name, state }) => [
          name,
          async (value) => JSON.parse(await runTask(name, state, value, taskOptions)),
        ]),
      ),
    },
  };
  const lowered = JSON.parse(JSON.stringify(lower(definition, clock.setting.speed)));
  const machine = new StateMachine(lowered, { validationOptions: { noValidate: true } });
  const started = machine.run(JSON.parse(startInput), options);
  const tooLarge = follow(started.eventLogs, request, new Map(states.map(byName))).then((state) => {
    if (state !== null) started.abort();
    return state;
  });
  const end = () => ended.abort();
  started.result.then(end, end);
  const ending = started.result.then(
    // Report every step before the end.
    async (output) => tooLarge.then((state) => succeeded(output, state)),
    async (error) => failed(error, await tooLarge),
  );
  const abort = () => {
    end();
    started.abort();
  };
  return { ending, abort };
}

/** Whether we run a state, and not the engine. */
const isTask = ({ state }: NamedState) =>
  ['Task', 'Wait'].includes(state.Type) || isDistributed(state) || isJsonataPass(state);

const byName = ({ name, state }: NamedState): [string, State] => [name, state];

/** Returns the part of the context object that replaces the engine's. */
function localContext(context: RunRequest['context'], states: readonly NamedState[]) {
  return {
    ...context,
    States: Object.fromEntries(states.map(({ name }) => [name, name])),
    get Seed() {
      return newSeed();
    },
  };
}

/** Reports every step. @returns the name of a state whose output is too large, or null */
async function follow(
  events: ReturnType<StateMachine['run']>['eventLogs'],
  request: RunRequest,
  states: ReadonlyMap<string, State>,
): Promise<string | null> {
  const holds = new RetryHolds(request.clock);
  const onTransition = (transition: Transition) => {
    holds.add(transition);
    request.onTransition(transition);
  };
  try {
    return await followSteps(events, { ...request, onTransition }, states);
  } finally {
    holds.end();
  }
}

async function followSteps(
  events: ReturnType<StateMachine['run']>['eventLogs'],
  { clock, onTransition }: RunRequest,
  states: ReadonlyMap<string, State>,
): Promise<string | null> {
  for await (const event of events) {
    if (!('state' in event)) continue;
    const kind = kinds.get(event.type);
    if (kind === undefined) continue;
    const { name, type, input, output = null } = event.state;
    const { Type, Resource }: State = states.get(name) ?? { Type: type };
    const outputText = kind === 'exited' ? JSON.stringify(output) : null;
    onTransition({
      kind,
      state: name,
      type: Type,
      index: event.index ?? null,
      at: clock.now(),
      error: 'Error' in event ? event.Error : null,
      cause: 'Cause' in event ? causeOf(event.Cause) : null,
      resource: typeof Resource === 'string' ? Resource : null,
      input: JSON.stringify(input),
      output: outputText,
    });
    if (outputText !== null && isTooLarge(outputText)) return name;
  }
  return null;
}

function causeOf(cause: unknown): string | null {
  if (cause === undefined) return null;
  return typeof cause === 'string' ? cause : JSON.stringify(cause);
}

const kinds: ReadonlyMap<string, Transition['kind']> = new Map([
  ['StateEntered', 'entered'],
  ['StateExited', 'exited'],
  ['StateFailed', 'failed'],
  ['StateRetried', 'retried'],
  ['StateCaught', 'caught'],
]);

function dataLimit(state: string): Ending {
  const cause = `The state '${state}' has an output of more than 262144 bytes.`;
  return { status: 'FAILED', error: 'States.DataLimitExceeded', cause };
}

/** The engine may end before it can be aborted because of a state's output. */
function succeeded(output: unknown, tooLarge: string | null): Ending {
  return tooLarge === null
    ? { status: 'SUCCEEDED', output: JSON.stringify(output) }
    : dataLimit(tooLarge);
}

function failed(error: unknown, tooLarge: string | null): Ending {
  if (tooLarge !== null) return dataLimit(tooLarge);
  if (error instanceof ExecutionAbortedError) {
    return { status: 'ABORTED', error: null, cause: null };
  }
  if (error instanceof ExecutionTimeoutError) {
    return { status: 'TIMED_OUT', error: 'States.Timeout', cause: null };
  }
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  return reason instanceof Error
    ? { status: 'FAILED', error: reason.name, cause: reason.message }
    : { status: 'FAILED', error: 'States.Runtime', cause: String(reason) };
}
