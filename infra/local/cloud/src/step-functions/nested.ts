/** Tasks of a state machine that concern other executions: nested ones, and Map Runs. */
import { isRecord } from '../json.ts';
import { isDistributed, type LocalStateMachine, type State } from './definition.ts';
import { type MapRun, runDistributedMap } from './distributed-map.ts';
import type { Execution } from './execution.ts';
import type { ObjectStore } from './object-store.ts';
import { type ChildRequest, type StartRequest, StepFunctionsRefusal } from './start.ts';
import { StateError } from './state-error.ts';

/** Runs a nested execution to its end: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
export const START_EXECUTION = /^arn:[a-z-]+:states:::states:startExecution\.sync:2$/;
/** Counts the items of a Map Run. */
export const DESCRIBE_MAP_RUN = /^arn:[a-z-]+:states:::aws-sdk:sfn:describeMapRun$/;

/** The engine, as these tasks need it. */
interface NestedExecutions {
  startExecution(request: StartRequest): Execution;
  ended(executionArn: string): Promise<Execution>;
  stopExecution(executionArn: string): Promise<Execution>;
}

/** Options of the tasks. */
export interface NestedOptions {
  readonly executions: NestedExecutions;
  startChild(child: ChildRequest): Execution;
  readonly machineArn: string;
  readonly objects: ObjectStore | undefined;
  /** Map Runs by ARN. */
  readonly mapRuns: Map<string, MapRun>;
}

/** Returns the options of a state machine's tasks. */
export function nestedOf(
  { arn: machineArn, objects }: LocalStateMachine,
  executions: NestedExecutions,
  mapRuns: Map<string, MapRun>,
  startChild: NestedOptions['startChild'],
): NestedOptions {
  return { executions, startChild, machineArn, objects, mapRuns };
}

/** Whether a state is one of these tasks. */
export function isNested(state: State): boolean {
  const resource = String(state.Resource);
  return isDistributed(state) || START_EXECUTION.test(resource) || DESCRIBE_MAP_RUN.test(resource);
}

/**
 * Runs the task.
 *
 * @returns its result
 * @throws StateError
 */
export async function runNested(
  state: State,
  input: unknown,
  options: NestedOptions,
  signal: AbortSignal,
): Promise<unknown> {
  if (isDistributed(state)) return runMap(state, input, options, signal);
  if (DESCRIBE_MAP_RUN.test(String(state.Resource))) return describeMapRun(input, options);
  const execution = await runToEnd(options.executions, () => start(input, options), signal);
  if (execution.status !== 'SUCCEEDED') {
    throw new StateError('States.TaskFailed', JSON.stringify(described(execution)));
  }
  return { ...described(execution), Output: JSON.parse(execution.output ?? 'null') };
}

async function runMap(
  state: State,
  input: unknown,
  { executions, startChild, objects, machineArn, mapRuns }: NestedOptions,
  signal: AbortSignal,
): Promise<unknown> {
  if (objects === undefined) throw new StateError('States.ItemReaderFailed', 'there is no S3');
  const runChild = (child: ChildRequest) => runToEnd(executions, () => startChild(child), signal);
  const run = await runDistributedMap(state, input, { objects, machineArn, runChild, signal });
  mapRuns.set(run.arn, run);
  return run.output;
}

function describeMapRun(input: unknown, { mapRuns }: NestedOptions): unknown {
  const arn = isRecord(input) ? String(input.MapRunArn) : '';
  const run = mapRuns.get(arn);
  if (!run) throw new StateError('Sfn.ResourceNotFoundException', `Resource not found: '${arn}'`);
  const none = { Aborted: 0, Pending: 0, Running: 0, TimedOut: 0 };
  return {
    MapRunArn: arn,
    Status: 'SUCCEEDED',
    ItemCounts: { ...none, ...run.items, ResultsWritten: run.items.Total },
    ExecutionCounts: { ...none, ...run.executions, ResultsWritten: run.executions.Total },
  };
}

function start(input: unknown, { executions }: NestedOptions): Execution {
  const { StateMachineArn, Name, Input = {} } = isRecord(input) ? input : {};
  try {
    return executions.startExecution({
      stateMachineArn: String(StateMachineArn),
      input: JSON.stringify(Input),
      ...(Name !== undefined && { name: String(Name) }),
    });
  } catch (error) {
    if (!(error instanceof StepFunctionsRefusal)) throw error;
    throw new StateError(`StepFunctions.${error.code}Exception`, error.message);
  }
}

/** Waits for an execution, and stops it with the one that waits. */
async function runToEnd(
  executions: NestedExecutions,
  begin: () => Execution,
  signal: AbortSignal,
): Promise<Execution> {
  signal.throwIfAborted();
  const { executionArn } = begin();
  const stop = () => void executions.stopExecution(executionArn);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await executions.ended(executionArn);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function described({
  executionArn,
  stateMachineArn,
  name,
  input,
  status,
  error,
  cause,
}: Execution) {
  return {
    ExecutionArn: executionArn,
    Input: JSON.parse(input),
    Name: name,
    StateMachineArn: stateMachineArn,
    Status: status,
    ...(error !== null && { Error: error }),
    ...(cause !== null && { Cause: cause }),
  };
}
