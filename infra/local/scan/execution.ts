/** Executions of the playbooks, followed from outside. */
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
/** How long an upload's execution is waited for, milliseconds. */
const START_PATIENCE_MS = 20_000;

/** An execution that has ended. */
export interface Ended {
  readonly status: string;
  /** Parsed; null when it did not succeed. */
  readonly output: unknown;
  readonly error: string | null;
}

/** Starts an execution and waits for its end. */
export async function execute(
  sfn: SFNClient,
  stateMachineArn: string,
  input: unknown,
  onState: (name: string) => void,
): Promise<Ended> {
  const started = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return follow(sfn, started.executionArn ?? '', onState);
}

/**
 * Finds the execution that an upload has started.
 *
 * @throws Error when none starts in time
 */
export async function executionOf(
  sfn: SFNClient,
  stateMachineArn: string,
  isIt: (input: string) => boolean,
): Promise<string> {
  const giveUpAt = Date.now() + START_PATIENCE_MS;
  const seen = new Set<string>();
  while (Date.now() < giveUpAt) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    for (const { executionArn = '' } of executions) {
      if (seen.has(executionArn)) continue;
      seen.add(executionArn);
      const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (input && isIt(input)) return executionArn;
    }
    await sleep(POLL_MS);
  }
  throw new Error('the upload has started no scan: do the filters of the trigger leave it out?');
}

/** Follows an execution to its end, and tells each state that it enters. */
export async function follow(
  sfn: SFNClient,
  executionArn: string,
  onState: (name: string) => void,
): Promise<Ended> {
  let told = 0;
  for (;;) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { events = [] } = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    const states = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    for (const state of states.slice(told)) onState(state);
    told = states.length;
    if (execution.status !== 'RUNNING') return endOf(execution);
    await sleep(POLL_MS);
  }
}

function endOf({ status, output, error }: DescribeExecutionCommandOutput): Ended {
  return {
    status: status ?? 'UNKNOWN',
    output: output ? JSON.parse(output) : null,
    error: error ?? null,
  };
}
