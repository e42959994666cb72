/** Executions of the stack's state machines. */
import {
  ExecutionDoesNotExist,
  paginateListExecutions,
  type SFNClient,
  StateMachineDoesNotExist,
  StateMachineTypeNotSupported,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';

/** Lists the running executions of a state machine by ARN. Express workflows, which end soon, have no list. */
export async function listRunning(client: SFNClient, stateMachineArn: string): Promise<string[]> {
  const arns: string[] = [];
  const input = { stateMachineArn, statusFilter: 'RUNNING', maxResults: 1000 } as const;
  try {
    for await (const { executions = [] } of paginateListExecutions({ client }, input)) {
      arns.push(...executions.flatMap(({ executionArn }) => executionArn ?? []));
    }
  } catch (error) {
    if (error instanceof StateMachineDoesNotExist) return [];
    if (error instanceof StateMachineTypeNotSupported) return [];
    throw error;
  }
  return arns;
}

/** Stops an execution, unless it has ended. */
export async function stopExecution(client: SFNClient, executionArn: string): Promise<void> {
  try {
    await client.send(
      new StopExecutionCommand({
        executionArn,
        error: 'Teardown',
        cause: 'The stack is being deleted.',
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
  }
}
