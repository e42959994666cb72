/** The command line of `npm run teardown`. */
import { parseArgs } from 'node:util';
import { withUsageErrors } from '../command-line/parse-arguments.ts';
import {
  checkStackOptions,
  type StackOptions,
  stackHelp,
  stackOptions,
} from '../command-line/stack-options.ts';

/** Printed by `--help`. */
export const teardownHelp = `Deletes the stack: stops its executions first, because a state machine cannot be deleted while one waits.

  npm run teardown
  npm run teardown -- --stack NAME --yes

${stackHelp}
  --yes            do not ask for confirmation
  --help           print this help

It lists what it will do, and asks. Exit codes: 0 deleted, 1 failed, 2 wrong usage, 130 interrupted.`;

/** The command line. */
export interface TeardownOptions extends StackOptions {
  readonly isConfirmed: boolean;
  readonly wantsHelp: boolean;
}

const options = {
  ...stackOptions,
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const allowed = Object.keys(options)
  .map((name) => `--${name}`)
  .join(', ');

/**
 * Reads the command line.
 *
 * @throws UsageError
 */
export function parseTeardownOptions(args: readonly string[]): TeardownOptions {
  const { yes, help, ...stack } = withUsageErrors(
    () => parseArgs({ args: [...args], options }).values,
    `allowed are ${allowed}`,
  );
  checkStackOptions(stack);
  return { ...stack, isConfirmed: yes, wantsHelp: help };
}
