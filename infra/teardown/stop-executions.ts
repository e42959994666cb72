/** Stops all executions, and waits until they are recorded. */
import type { SFNClient } from '@aws-sdk/client-sfn';
import { listRunning, stopExecution } from './executions.ts';
import { TeardownError } from './stack-resources.ts';

/** How long to wait, in milliseconds. */
export interface TeardownTiming {
  /** Between two looks for running executions. */
  readonly poll: number;
  /**
   * How long no execution may be seen before the stack is deleted. Disabled rules still match events "for a
   * short period of time", and the list of executions is eventually consistent.
   */
  readonly settle: number;
  /**
   * The same after executions were stopped. Their events have to arrive and be recorded: within seconds as a
   * rule, but Lambda tries a failed recording again after one minute and after two more.
   */
  readonly record: number;
  /** How long executions may go on starting before the teardown gives up. */
  readonly limit: number;
}

export const teardownTiming: TeardownTiming = {
  poll: 10_000,
  settle: 60_000,
  record: 5 * 60_000,
  limit: 30 * 60_000,
};

/** How to stop, and what to do between looks. */
export interface StopOptions {
  readonly sfn: SFNClient;
  readonly machineArns: readonly string[];
  readonly timing: TeardownTiming;
  readonly now: () => number;
  /** Rejects when the teardown is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly print: (line: string) => void;
  /** Called for each execution that was stopped. */
  readonly onStopped: () => void;
}

/** Stops sent at a time. When Step Functions throttles them, the SDK retries. */
const AT_ONCE = 5;

/**
 * Stops executions until none has been seen for a while. Those that start in between, through the API for
 * example, are stopped too.
 *
 * @throws TeardownError if executions still run after `timing.limit`
 */
export async function stopExecutions(options: StopOptions): Promise<void> {
  const { timing, now, sleep, print } = options;
  const givesUpAt = now() + timing.limit;
  let quietAt = now() + timing.settle;
  for (let looks = 0; ; looks++) {
    const running = await listAll(options);
    if (running.length > 0) {
      if (now() >= givesUpAt) throw stillRunning(running, timing.limit);
      await stopAll(options, running);
      print(`waiting ${seconds(timing.record)} for their recordings`);
      quietAt = now() + timing.record;
    } else if (now() >= quietAt) return;
    else if (looks === 0)
      print(`waiting ${seconds(timing.settle)} for executions that still start`);
    await sleep(timing.poll);
  }
}

async function listAll({ sfn, machineArns }: StopOptions): Promise<string[]> {
  const running: string[] = [];
  for (const arn of machineArns) running.push(...(await listRunning(sfn, arn)));
  return running;
}

async function stopAll({ sfn, print, onStopped }: StopOptions, arns: readonly string[]) {
  let stopped = 0;
  for (let at = 0; at < arns.length; at += AT_ONCE) {
    const batch = arns.slice(at, at + AT_ONCE).map(async (arn) => {
      await stopExecution(sfn, arn);
      stopped += 1;
      onStopped();
    });
    // All are waited for even if one fails, so that the count is right.
    const results = await Promise.allSettled(batch);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    if (stopped % 100 === 0 || stopped === arns.length) {
      print(`stopped ${stopped} of ${arns.length} executions`);
    }
  }
}

function stillRunning(arns: readonly string[], limit: number): TeardownError {
  return new TeardownError(
    `executions still start or run after ${limit / 60_000} minutes, for example ${arns[0]}; find out what starts them, such as callers of the API or rules of other stacks`,
  );
}

const seconds = (milliseconds: number) => `${milliseconds / 1000} s`;
