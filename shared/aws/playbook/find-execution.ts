/** Looks up executions of a playbook. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { type Environment, parseEnvironment, requiredVariable } from '../../environment.ts';
import type { Limits } from '../../limits.ts';
import type { Execution } from '../../operations/submission-status/map.ts';
import { awsClientDefaults } from '../client-defaults.ts';
import { type Description, describeExecution } from './describe-execution.ts';

/** Which execution to find. */
export interface ExecutionQuery {
  readonly name: string;
  /** Whether it may have been started a moment ago: Step Functions may not show it yet. */
  readonly mayBeNew: boolean;
}

/** Finds an execution of a playbook; undefined if Step Functions does not show it. */
export type FindExecution = (
  query: ExecutionQuery,
  limits: Limits,
) => Promise<Execution | undefined>;

/**
 * Creates the lookup of the executions of `SubmitFile`.
 *
 * @throws Error if the state machine's variable is not set
 */
export function createFindExecution(environment: Environment): FindExecution {
  const config = parseEnvironment({ SUBMIT_FILE_STATE_MACHINE_ARN: requiredVariable }, environment);
  const client = new SFNClient(awsClientDefaults('SFN', environment));
  return (query, limits) =>
    findExecution(client, config.SUBMIT_FILE_STATE_MACHINE_ARN, query, limits);
}

/** @throws UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError */
async function findExecution(
  client: SFNClient,
  stateMachineArn: string,
  { name, mayBeNew }: ExecutionQuery,
  limits: Limits,
): Promise<Execution | undefined> {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const lookup = {
    executionArn,
    action: 'look up the submission',
    mayBeStale: (description: Description) => mayBeNew && description === undefined,
  };
  const found = await describeExecution(client, lookup, limits);
  if (!found) return undefined;
  const { status = 'RUNNING', startDate, stopDate, output, error, cause } = found;
  return {
    status,
    startedAt: epochSecondsOf(startDate),
    stoppedAt: epochSecondsOf(stopDate),
    output: output ?? null,
    error: error ?? null,
    cause: cause ?? null,
  };
}

/** Epoch seconds. */
function epochSecondsOf(date: Date | undefined): number | null {
  return date === undefined ? null : Math.floor(date.getTime() / 1000);
}
