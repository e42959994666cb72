/** Status change events of Step Functions (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html). */
import { type BusEvent, busEvent, type EventOrigin } from './event.ts';

type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution. */
export interface ExecutionState {
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
  /** Name of the error with which it ended. @default null */
  readonly error?: string | null;
  /** @default null */
  readonly cause?: string | null;
  /** @default 0 */
  readonly redriveCount?: number;
  /** Time of the last redrive, epoch milliseconds. @default null */
  readonly redriveDate?: number | null;
  /** Why it cannot be redriven; null if it can. @default null */
  readonly notRedrivable?: string | null;
}

/** More than this of escaped input and output, and the input is left out; then the output too. Bytes. */
const MAX_DATA_BYTES = 248 * 1024;

/** The event `Step Functions Execution Status Change`. Its time is when the status was reached. */
export function executionStatusEvent(execution: ExecutionState, origin?: EventOrigin): BusEvent {
  const { executionArn, stateMachineArn, name, status, startDate, stopDate } = execution;
  const { error = null, cause = null } = execution;
  const { redriveCount = 0, redriveDate = null, notRedrivable = null } = execution;
  const { input, output } = withinLimit(execution);
  return busEvent(
    {
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [executionArn],
      atMs: stopDate ?? redriveDate ?? startDate,
      detail: {
        executionArn,
        stateMachineArn,
        name,
        status,
        startDate,
        stopDate,
        input,
        output,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount,
        redriveDate,
        redriveStatus: notRedrivable === null ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
        redriveStatusReason: notRedrivable,
        inputDetails: { included: input !== null },
        outputDetails: execution.output === null ? null : { included: output !== null },
        error,
        cause,
      },
    },
    origin,
  );
}

function withinLimit({ input, output }: ExecutionState) {
  const outputBytes = output === null ? 0 : escapedBytes(output);
  return {
    input: escapedBytes(input) + outputBytes > MAX_DATA_BYTES ? null : input,
    output: outputBytes > MAX_DATA_BYTES ? null : output,
  };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
