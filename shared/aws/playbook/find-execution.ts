/** Looks an execution of a playbook up. */
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { type Limits, signalFor } from '../../limits.ts';
import type { Execution } from '../../operations/submission-status/map.ts';
import { translateExecutionError } from './execution-errors.ts';

/**
 * Looks an execution up.
 *
 * @param client - of Step Functions
 * @param stateMachineArn - of the playbook's state machine
 * @param name - of the execution
 * @param limits - the invocation's limits
 * @returns undefined when there is none, or none any more
 * @throws UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError
 */
export async function findExecution(
  client: SFNClient,
  stateMachineArn: string,
  name: string,
  limits: Limits,
): Promise<Execution | undefined> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const abortSignal = signalFor(limits);
  try {
    const found = await client.send(new DescribeExecutionCommand({ executionArn }), {
      abortSignal,
    });
    const { status = 'RUNNING', startDate, stopDate, output, error, cause } = found;
    return {
      status,
      startedAt: epochSecondsOf(startDate),
      stoppedAt: epochSecondsOf(stopDate),
      output: output ?? null,
      error: error ?? null,
      cause: cause ?? null,
    };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw translateExecutionError(error, 'look up the submission', abortSignal);
  }
}

/** Epoch seconds. */
function epochSecondsOf(date: Date | undefined): number | null {
  return date === undefined ? null : Math.floor(date.getTime() / 1000);
}
