/** Executions as the API describes them. */
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
