/** A Step Functions engine with one state machine, for tests. */
import { type Clock, createClock } from '../../src/clock.ts';
import { StepFunctionsEngine } from '../../src/step-functions/engine.ts';
import type { StepFunctionsOptions } from '../../src/step-functions/engine-options.ts';
import { StubInvoker } from '../../src/testing/stub-invoker.ts';

/** ARN of the state machine. */
export const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:Machine';
/** ARN of a function. */
export const functionArn = (name: string) =>
  `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** The states of a definition; the first one is its start. */
export type States = Record<string, { Type: string; [field: string]: unknown }>;

/** Creates an engine with one state machine. @param speed - of its clock */
export function engineOf(
  states: States,
  {
    invoker = new StubInvoker({}),
    speed = 1000,
    clock = createClock(speed),
    timeout,
    listener,
    describeLagMs,
  }: {
    invoker?: StubInvoker;
    speed?: number;
    clock?: Clock;
    timeout?: number;
    listener?: StepFunctionsOptions['listener'];
    describeLagMs?: number;
  } = {},
) {
  const [StartAt = ''] = Object.keys(states);
  const definition = { StartAt, States: states, ...(timeout && { TimeoutSeconds: timeout }) };
  return new StepFunctionsEngine({
    stateMachines: [{ arn: ARN, name: 'Machine', definition }],
    invoker,
    clock,
    listener,
    describeLagMs,
  });
}

/** Runs an execution to its end. */
export async function resultOf(engine: StepFunctionsEngine, input: unknown = {}) {
  const { executionArn } = engine.startExecution({
    stateMachineArn: ARN,
    input: JSON.stringify(input),
  });
  const { status, output, error, cause } = await engine.ended(executionArn);
  return { status, output: output === null ? null : JSON.parse(output), error, cause };
}

/** A definition with a single Pass state. */
export const pass = (parameters: unknown): States => ({
  Only: { Type: 'Pass', Parameters: parameters, End: true },
});
