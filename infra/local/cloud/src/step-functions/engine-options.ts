import type { Clock } from '../clock.ts';
import type { Invoker } from '../types.ts';
import type { LocalStateMachine } from './definition.ts';
import type { ExecutionListener } from './execution.ts';

/** Options of the engine. */
export interface StepFunctionsOptions {
  readonly stateMachines: readonly LocalStateMachine[];
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly listener?: ExecutionListener;
  /** How late the API shows starts and ends of executions, milliseconds of the clock. @default 0 */
  readonly describeLagMs?: number | undefined;
}
