/** Looks up executions of a playbook. */
import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { type Environment, parseEnvironment, requiredVariable } from '../../environment.ts';
import { type Limits, signalFor } from '../../limits.ts';
import type { Execution } from '../../operations/submission-status/map.ts';
import { awsClientDefaults } from '../client-defaults.ts';
import { translateExecutionError } from './execution-errors.ts';

/** Finds an execution of a playbook by its name; undefined if it does not exist. */
export type FindExecution = (name: string, limits: Limits) => Promise<Execution | undefined>;

/**
 * Creates the lookup of the executions of `SubmitFile`.
 *
 * @throws Error if the state machine's variable is not set
 */
export function createFindExecution(environment: Environment): FindExecution {
  const config = parseEnvironment({ SUBMIT_FILE_STATE_MACHINE_ARN: requiredVariable }, environment);
  const client = new SFNClient(awsClientDefaults('SFN', environment));
  return (name, limits) =>
    findExecution(client, config.SUBMIT_FILE_STATE_MACHINE_ARN, name, limits);
}

/** @throws UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError */
async function findExecution(
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
