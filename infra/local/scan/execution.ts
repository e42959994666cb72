/** Starts, finds and follows executions of the playbooks. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  paginateListExecutions,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';

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

/** An object version whose scan is looked for. */
export interface UploadedVersion {
  readonly key: string;
  /** Undefined if the bucket is not versioned. */
  readonly versionId: string | undefined;
}

const uploadEvent = z.object({
  detail: z.object({
    object: z.object({ key: z.string(), 'version-id': z.optional(z.string()) }),
  }),
});

/** Finds the scans that uploads have started. One finder serves many uploads, and reads each input once. */
export class ScanFinder {
  readonly #uploads = new Map<string, UploadedVersion | undefined>();
  readonly #sfn: SFNClient;
  readonly #stateMachineArn: string;
  readonly #patienceMs: number;

  /** @param patienceMs - how long an upload may take to start its execution */
  constructor(sfn: SFNClient, stateMachineArn: string, patienceMs = START_PATIENCE_MS) {
    this.#sfn = sfn;
    this.#stateMachineArn = stateMachineArn;
    this.#patienceMs = patienceMs;
  }

  /**
   * Finds the execution that scans a version of an object.
   *
   * @returns its ARN
   * @throws Error when none starts in time
   */
  async find({ key, versionId }: UploadedVersion): Promise<string> {
    const giveUpAt = Date.now() + this.#patienceMs;
    while (Date.now() < giveUpAt) {
      await this.#readNew();
      for (const [executionArn, upload] of this.#uploads) {
        if (upload?.key === key && upload.versionId === versionId) return executionArn;
      }
      await sleep(POLL_MS);
    }
    throw new Error('the upload started no scan; check the filters of the upload trigger');
  }

  async #readNew(): Promise<void> {
    const request = { stateMachineArn: this.#stateMachineArn };
    for await (const { executions = [] } of paginateListExecutions(
      { client: this.#sfn },
      request,
    )) {
      for (const { executionArn = '' } of executions) {
        if (this.#uploads.has(executionArn)) continue;
        const { input } = await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
        this.#uploads.set(executionArn, readUpload(input ?? 'null'));
      }
    }
  }
}

/** @returns undefined for an execution that no upload has started */
function readUpload(input: string): UploadedVersion | undefined {
  const { data } = uploadEvent.safeParse(JSON.parse(input));
  if (data === undefined) return undefined;
  const { key, 'version-id': versionId } = data.detail.object;
  return { key, versionId };
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
