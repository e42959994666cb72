/** A stack whose playbooks are driven through their branches, for one test file. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '@local/cloud/step-functions';
import { uncoveredBranches } from './branches.ts';
import { LambdaFaults } from './lambda-faults.ts';
import { startTestStack, type TestStack, type TestStackOptions } from './running-stack.ts';
import { openS3Gate, type S3Gate } from './s3-gate.ts';

/** For one test: waits are skipped, but a busy machine takes its time for work, milliseconds. */
export const SCENARIO_MS = 240_000;

/**
 * Of what is not skipped: the retries of Step Functions, up to an hour, and waits within functions. The two days
 * after which executions time out are longer than a test.
 */
const SPEED = 600;

/** How an execution ended. */
export interface Ended extends Pick<Execution, 'status' | 'error'> {
  /** Parsed; null unless it succeeded. */
  // biome-ignore lint/suspicious/noExplicitAny: every test knows its own outputs
  readonly output: any;
  /** Names of the states that were entered, in order. */
  readonly states: readonly string[];
}

/** The stack. */
export interface PlaybookStack extends TestStack {
  readonly lambdaFaults: LambdaFaults;
  readonly s3Gate: S3Gate;
  /** Runs a playbook to its end. */
  execute(playbook: string, input: unknown, name?: string): Promise<Ended>;
  /** Puts an object, and waits for the end of the scan that its event starts. */
  scan(key: string, body: string | Uint8Array): Promise<Ended>;
  /** Branches that no execution has taken so far. */
  uncovered(playbook: string): string[];
}

/** Starts it. */
export async function startPlaybookStack(
  options: Pick<TestStackOptions, 'isTriggered'> = {},
): Promise<PlaybookStack> {
  const lambdaFaults = new LambdaFaults();
  const s3Gate = await openS3Gate();
  const environment = { AWS_ENDPOINT_URL_S3: s3Gate.url };
  const stack = await startTestStack({
    ...options,
    speed: SPEED,
    skipsWaits: true,
    environment,
    lambdaFaults,
  });
  s3Gate.forwardTo(stack.awsUrl);
  return {
    ...stack,
    ...executing(stack),
    lambdaFaults,
    s3Gate,
    async close() {
      await stack.close();
      await s3Gate[Symbol.asyncDispose]();
    },
  };
}

function executing({ stack, stateMachines, put }: TestStack) {
  const arnOf = (playbook: string) => stack.outputs[`${playbook}StateMachineArn`] ?? '';
  const ended = async (executionArn: string): Promise<Ended> => {
    const { status, error, output } = await stateMachines.ended(executionArn);
    const steps = stateMachines.transitionsOf(executionArn);
    const states = steps.filter(({ kind }) => kind === 'entered').map(({ state }) => state);
    return { status, error, output: output === null ? null : JSON.parse(output), states };
  };
  return {
    execute(playbook: string, input: unknown, name?: string) {
      const { executionArn } = stateMachines.startExecution({
        stateMachineArn: arnOf(playbook),
        input: JSON.stringify(input),
        ...(name !== undefined && { name }),
      });
      return ended(executionArn);
    },
    async scan(key: string, body: string | Uint8Array) {
      await put(key, body);
      const started = () =>
        stateMachines
          .listExecutions(arnOf('ScanUpload'))
          .find(({ input }) => JSON.parse(input).detail?.object.key === key);
      while (!started()) await sleep(20);
      return ended(started()?.executionArn ?? '');
    },
    uncovered(playbook: string) {
      const arn = arnOf(playbook);
      const machine = stateMachines.stateMachines.find((one) => one.arn === arn);
      if (!machine) throw new Error(`there is no playbook ${playbook}`);
      const executions = stateMachines.listExecutions(arn);
      return uncoveredBranches(
        machine.definition,
        executions.map(({ executionArn }) => stateMachines.transitionsOf(executionArn)),
      );
    },
  };
}
