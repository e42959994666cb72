/** The playbooks of the synthesised template, in the local engine, with functions that a test makes up. */

import type { Execution, Transition, Workflow } from '@local/cloud/step-functions';
import { historyOf, StepFunctionsEngine } from '@local/cloud/step-functions';
import { type StubFunction, StubInvoker } from '@local/cloud/testing';
import { definitionsOf } from '../../infra/documents/definitions.ts';
import { synthesise } from '../infra/synthesise.ts';
import { InstantClock } from './instant-clock.ts';

/**
 * Definitions by the playbook's name, references resolved.
 *
 * @param context - as if given by `-c name=value`
 */
export function definitions(
  context: Readonly<Record<string, unknown>> = {},
): ReadonlyMap<string, Workflow> {
  const { template } = synthesise(context);
  return definitionsOf(template.findResources('AWS::StepFunctions::StateMachine'));
}

/** How an execution went. */
export interface Played {
  readonly execution: Execution;
  /** Parsed; null unless it succeeded. */
  // biome-ignore lint/suspicious/noExplicitAny: every test knows its own outputs
  readonly output: any;
  readonly transitions: readonly Transition[];
  /** Names of the states that were entered, in order. */
  readonly states: readonly string[];
  /** What was waited for, seconds, in order. */
  readonly waits: readonly number[];
  /** Events that AWS would have in the history. */
  readonly events: number;
  readonly invoker: StubInvoker;
}

/** Plays a playbook to its end; no wait takes any time. */
export async function play(
  definition: Workflow | undefined,
  input: unknown,
  functions: Readonly<Record<string, StubFunction>>,
): Promise<Played> {
  if (!definition) throw new Error('there is no such playbook');
  const invoker = new StubInvoker(functions);
  const clock = new InstantClock();
  const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Playbook';
  const engine = new StepFunctionsEngine({
    stateMachines: [{ arn, name: 'Playbook', definition }],
    invoker,
    clock,
  });
  const { executionArn } = engine.startExecution({
    stateMachineArn: arn,
    name: 'one',
    input: JSON.stringify(input),
  });
  const execution = await engine.ended(executionArn);
  const transitions = engine.transitionsOf(executionArn);
  return {
    execution,
    output: execution.output === null ? null : JSON.parse(execution.output),
    transitions,
    states: transitions.filter(({ kind }) => kind === 'entered').map(({ state }) => state),
    waits: clock.waits,
    events: historyOf(execution, transitions).length,
    invoker,
  };
}
