/** Runs a task: invokes a function, waits, or evaluates. */

import type { Clock } from '../clock.ts';
import { isRecord } from '../json.ts';
import { type InvocationResult, type Invoker, UnknownFunctionError } from '../types.ts';
import type { State } from './definition.ts';
import { isTooLarge } from './execution.ts';
import { evaluateOutput, isJsonataPass } from './jsonata.ts';
import { isNested, type NestedOptions, runNested } from './nested.ts';
import { follow } from './reference-path.ts';
import { StateError } from './state-error.ts';

/** Options that the tasks of an execution share. */
export interface TaskOptions {
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly nested: NestedOptions;
  /** The context object's `Execution` and `StateMachine`. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Ends waits, and stops retries. */
  readonly signal: AbortSignal;
}

/**
 * Runs a Task state, a Wait state, a Pass in JSONata or a distributed Map.
 *
 * @returns JSON text
 * @throws StateError
 */
export async function runTask(
  name: string,
  state: State,
  input: unknown,
  options: TaskOptions,
): Promise<string> {
  // The engine continues for a moment after an execution has ended.
  options.signal.throwIfAborted();
  if (state.Type === 'Wait') return waitFor(state, input, options);
  if (isJsonataPass(state)) return passOn(name, state, input, options);
  const dataLimit = (data: string) =>
    new StateError(
      'States.DataLimitExceeded',
      `The state '${name}' has ${data} of more than 262144 bytes.`,
      catchesByName(state, 'States.DataLimitExceeded'),
    );
  const request = JSON.stringify(input);
  if (isTooLarge(request)) throw dataLimit('an input');
  if (isNested(state)) {
    const result = await runNested(state, input, options.nested, options.signal);
    const output = JSON.stringify(result);
    if (isTooLarge(output)) throw dataLimit('a result');
    return output;
  }
  const { functionName, payload } = requestOf(state, input);
  const result = await invoke(options.invoker, functionName, JSON.stringify(payload));
  if (result.status === 'failed') throw functionError(result);
  if (isTooLarge(result.payload)) throw dataLimit('a result');
  if (isFunctionArn(state)) return result.payload;
  const output: unknown = JSON.parse(result.payload);
  return JSON.stringify({ ExecutedVersion: '$LATEST', Payload: output, StatusCode: 200 });
}

function isFunctionArn({ Resource }: State): boolean {
  return /:lambda:[^:]*:[^:]*:function:/.test(String(Resource));
}

/** Whether a state catches an error that only its name matches, not `States.ALL`. */
function catchesByName(state: State, name: string): boolean {
  const catchers: unknown[] = Array.isArray(state.Catch) ? state.Catch : [];
  return catchers.some((catcher) => {
    const names = isRecord(catcher) ? catcher.ErrorEquals : [];
    return Array.isArray(names) && names.includes(name);
  });
}

/** Returns the function and its payload, for a function ARN as resource or the Lambda integration. */
function requestOf(state: State, input: unknown): { functionName: string; payload: unknown } {
  if (isFunctionArn(state)) return { functionName: String(state.Resource), payload: input };
  const { FunctionName, Payload = {} } = isRecord(input) ? input : {};
  return { functionName: String(FunctionName), payload: Payload };
}

async function invoke(
  invoker: Invoker,
  functionName: string,
  payload: string,
): Promise<InvocationResult> {
  try {
    return await invoker.invoke(functionName, payload);
  } catch (error) {
    if (!(error instanceof UnknownFunctionError)) throw error;
    throw new StateError(
      'Lambda.ResourceNotFoundException',
      `Function not found: ${functionName} (Service: Lambda, Status Code: 404)`,
    );
  }
}

function functionError({ error }: InvocationResult & { status: 'failed' }): StateError {
  return new StateError(error.errorType, JSON.stringify({ ...error, trace: error.trace ?? [] }));
}

async function waitFor(
  state: State,
  input: unknown,
  { clock, signal }: TaskOptions,
): Promise<string> {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
  const at = (path: unknown) => (typeof path === 'string' ? follow(path, input) : undefined);
  const timestamp = Timestamp ?? at(TimestampPath);
  const seconds = Seconds ?? at(SecondsPath);
  const ms =
    Timestamp === undefined && TimestampPath === undefined
      ? secondsOf(seconds) * 1000
      : timestampOf(timestamp) - clock.now();
  await clock.sleep(Math.max(0, ms), signal);
  return JSON.stringify(input);
}

async function passOn(
  name: string,
  state: State,
  input: unknown,
  { clock, context }: TaskOptions,
): Promise<string> {
  const entered = { Name: name, EnteredTime: new Date(clock.now()).toISOString() };
  const states = { input, context: { ...context, State: entered } };
  return JSON.stringify(await evaluateOutput(state, states));
}

function secondsOf(seconds: unknown): number {
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0) return seconds;
  throw badTime('a whole number of seconds', seconds);
}

function timestampOf(timestamp: unknown): number {
  const ms = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(ms)) throw badTime('a timestamp', timestamp);
  return ms;
}

function badTime(expected: string, got: unknown): StateError {
  const text = `Expected ${expected}, not ${JSON.stringify(got)}.`;
  return new StateError('States.Runtime', text, false);
}
