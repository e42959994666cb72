/** Starts, finds and follows executions of the playbooks. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

const POLL_MS = 300;
/** How long to wait for an upload to start its execution, milliseconds. */
const START_PATIENCE_MS = 20_000;

/** An execution that has ended. */
export interface EndedExecution {
  readonly status: string;
  /** Parsed; null if the execution did not succeed. */
  readonly output: unknown;
  readonly error: string | null;
}

/** Starts an execution and waits for its end. */
export async function execute(
  sfn: SFNClient,
  stateMachineArn: string,
  input: unknown,
  onState: (name: string) => void,
): Promise<EndedExecution> {
  const started = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return followExecution(sfn, started.executionArn ?? '', onState);
}

/**
 * Finds an execution by its input.
 *
 * @returns its ARN
 * @throws Error when none starts within 20 seconds
 */
export async function findExecution(
  sfn: SFNClient,
  stateMachineArn: string,
  matches: (input: string) => boolean,
): Promise<string> {
  const giveUpAt = Date.now() + START_PATIENCE_MS;
  const seen = new Set<string>();
  while (Date.now() < giveUpAt) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    for (const { executionArn = '' } of executions) {
      if (seen.has(executionArn)) continue;
      seen.add(executionArn);
      const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (input && matches(input)) return executionArn;
    }
    await sleep(POLL_MS);
  }
  throw new Error('the upload started no scan; check the filters of the upload trigger');
}

/** Follows an execution to its end, and reports each state that it enters. */
export async function followExecution(
  sfn: SFNClient,
  executionArn: string,
  onState: (name: string) => void,
): Promise<EndedExecution> {
  let reported = 0;
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { events = [] } = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    const states = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    for (const state of states.slice(reported)) onState(state);
    reported = states.length;
    if (execution.status !== 'RUNNING') return endedExecution(execution);
    await sleep(POLL_MS);
  }
}

function endedExecution({ status, output, error }: DescribeExecutionCommandOutput): EndedExecution {
  return {
    status: status ?? 'UNKNOWN',
    output: output ? JSON.parse(output) : null,
    error: error ?? null,
  };
}
