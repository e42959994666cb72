/** Executions and their steps, in the terms of Step Functions. */

/** Status of an execution. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution, as the API describes it. */
export interface Execution {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  /** Epoch milliseconds. */
  readonly startDate: number;
  /** Epoch milliseconds; null while it runs. */
  readonly stopDate: number | null;
  /** JSON text. */
  readonly input: string;
  /** JSON text; null unless it succeeded. */
  readonly output: string | null;
  /** Name of the error that ended it. */
  readonly error: string | null;
  readonly cause: string | null;
  /** How often it was redriven. */
  readonly redriveCount: number;
  /** Time of the last redrive, epoch milliseconds; null before. */
  readonly redriveDate: number | null;
  /** Why it cannot be redriven; null if it can. */
  readonly notRedrivable: string | null;
}

/** One step of an execution. */
export interface Transition {
  /** `failed` is a failed attempt; `retried` or `caught` follows if the error was handled. */
  readonly kind: 'entered' | 'exited' | 'failed' | 'retried' | 'caught';
  /** Name of the state. */
  readonly state: string;
  /** Type of the state, for example `Task`. */
  readonly type: string;
  /** Index of the item within a Map; null outside. */
  readonly index: number | null;
  /** Epoch milliseconds, on the local run's clock. */
  readonly at: number;
  /** Name of the error of a failed attempt. */
  readonly error: string | null;
  readonly cause: string | null;
  /** Resource of a task: a function's ARN, or the Lambda integration. */
  readonly resource: string | null;
  /** Input of the state; JSON text. */
  readonly input: string;
  /** Output of the state; JSON text. Null unless it was exited. */
  readonly output: string | null;
}

/** Observes executions. */
export interface ExecutionListener {
  /** An execution has started or ended. */
  onStatusChange?(execution: Execution): void;
  /** An execution has made a step. */
  onTransition?(execution: Execution, transition: Transition): void;
}

/** Maximum input, output or result of a state, bytes (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
export const MAX_DATA_BYTES = 256 * 1024;

/** Whether a JSON text exceeds the limit for inputs and outputs of states. */
export function isTooLarge(json: string): boolean {
  return json.length > MAX_DATA_BYTES || Buffer.byteLength(json) > MAX_DATA_BYTES;
}
