/** Executions of the playbooks. */
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { CheckContext, FinishedExecution } from './context.ts';
import { CheckFailure, NotChecked } from './outcomes.ts';
import { poll } from './polling.ts';
import { outputOf } from './stack-of-account.ts';

/** How long an execution may take, milliseconds: it may wait for the quota. */
const END_PATIENCE_MS = 15 * 60_000;

/** Starts a playbook. @returns the ARN of the execution */
export async function startPlaybook(
  { target }: CheckContext,
  playbook: string,
  input: unknown,
  name?: string,
): Promise<string> {
  const { executionArn = '' } = await target.clients.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(target, `${playbook}StateMachineArn`),
      input: JSON.stringify(input),
      name,
    }),
  );
  return executionArn;
}

/**
 * Waits for the end of an execution.
 *
 * @throws NotChecked if it waits for the quota for too long, CheckFailure if it hangs elsewhere
 */
export async function endOfExecution(
  context: CheckContext,
  executionArn: string,
): Promise<FinishedExecution> {
  const { sfn } = context.target.clients;
  const ended = await poll(context, END_PATIENCE_MS, async () => {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  });
  if (ended) return finished(executionArn, ended);
  const state = await currentState(context, executionArn);
  const message = `${executionArn} still runs after ${END_PATIENCE_MS / 60_000} minutes, in the state ${state}`;
  throw /quota/i.test(state) ? new NotChecked(message) : new CheckFailure(message);
}

/** Ends an execution, unless it has ended. */
export async function stopExecutionOf(
  { target }: Pick<CheckContext, 'target'>,
  executionArn: string,
): Promise<void> {
  await target.clients.sfn.send(
    new StopExecutionCommand({ executionArn, error: 'Verify', cause: 'npm run verify' }),
  );
}

/** Finds the execution whose input has an object. @param since - epoch milliseconds */
export async function scanOfObject(
  { target }: CheckContext,
  { key, versionId }: { readonly key: string; readonly versionId: string | undefined },
  since: number,
): Promise<string | undefined> {
  const { sfn } = target.clients;
  const stateMachineArn = outputOf(target, 'ScanUploadStateMachineArn');
  // Newest first.
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 50 }),
  );
  for (const { executionArn, startDate } of executions) {
    if (Number(startDate) < since) continue;
    const { input = '{}' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { object }: { object?: { key?: unknown; 'version-id'?: unknown } } =
      JSON.parse(input).detail ?? {};
    if (object?.key === key && object['version-id'] === versionId) return executionArn;
  }
  return undefined;
}

async function currentState({ target }: CheckContext, executionArn: string): Promise<string> {
  const { events = [] } = await target.clients.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 50 }),
  );
  return (
    events.find(({ stateEnteredEventDetails: entered }) => entered)?.stateEnteredEventDetails
      ?.name ?? 'unknown'
  );
}

function finished(
  arn: string,
  { status, output, error, cause }: DescribeExecutionCommandOutput,
): FinishedExecution {
  return {
    arn,
    status: String(status),
    output: output === undefined ? undefined : JSON.parse(output),
    error,
    cause,
  };
}
