/** Executions as the API describes them. */
import { isDistributed, type LocalStateMachine, statesOf } from './definition.ts';
import type { Execution } from './execution.ts';

/** Describes an execution as the API does: times in seconds, without unknown fields. */
export function listed({ executionArn, stateMachineArn, name, ...execution }: Execution) {
  const { status, startDate, stopDate, redriveCount, redriveDate } = execution;
  return {
    executionArn,
    stateMachineArn,
    name,
    status,
    startDate: startDate / 1000,
    ...(stopDate === null ? {} : { stopDate: stopDate / 1000 }),
    redriveCount,
    ...(redriveDate === null ? {} : { redriveDate: redriveDate / 1000 }),
  };
}

/** Describes an execution in full. */
export function described(execution: Execution) {
  const { input, output, error, cause, notRedrivable: redriveStatusReason } = execution;
  const known = Object.entries({ output, error, cause, redriveStatusReason }).filter(
    ([, value]) => value !== null,
  );
  const redriveStatus = redriveStatusReason === null ? 'REDRIVABLE' : 'NOT_REDRIVABLE';
  return { ...listed(execution), input, redriveStatus, ...Object.fromEntries(known) };
}

/** Says what runs otherwise than on AWS, one sentence for each state. */
export function localNotes(
  machines: readonly Pick<LocalStateMachine, 'definition' | 'name'>[],
): string[] {
  return machines.flatMap(({ name, definition }) =>
    statesOf(definition)
      .filter(({ state }) => isDistributed(state))
      .map(
        (state) =>
          `the distributed Map "${state.name}" of ${name} runs in this process; its child executions are not listed`,
      ),
  );
}
