/** The command line of `npm run teardown`. */
import { parseArgs } from 'node:util';

export const teardownHelp = `Deletes the stack: stops its executions first, because a state machine cannot be deleted while one waits.

  npm run teardown
  npm run teardown -- --stack NAME --yes

  --stack NAME     name of the stack (default VirusTotalConnector)
  --region NAME    its Region (default: that of the profile or of AWS_REGION)
  --profile NAME   profile of the AWS configuration
  --yes            do not ask for confirmation
  --help           print this help

It lists what it will do, and asks. Exit codes: 0 deleted, 1 failed, 2 wrong usage, 130 interrupted.`;

/** The command line is wrong. The message says what was found and what is allowed. */
export class TeardownUsageError extends Error {
  override readonly name = 'TeardownUsageError';
}

/** The command line. */
export interface TeardownOptions {
  readonly stack: string;
  /** @default that of the profile or the environment */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly isConfirmed: boolean;
  readonly wantsHelp: boolean;
}

const options = {
  stack: { type: 'string', default: 'VirusTotalConnector' },
  region: { type: 'string' },
  profile: { type: 'string' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const allowed = Object.keys(options)
  .map((name) => `--${name}`)
  .join(', ');

/** What CloudFormation and AWS take as names. None begins with a dash, so none can be read as an option. */
const names = {
  stack: /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/,
  region: /^[a-z]{2}(?:-[a-z]+)+-\d+$/,
  profile: /^[^-\s\p{C}][^\p{C}]*$/u,
};

/**
 * Reads the command line.
 *
 * @throws TeardownUsageError
 */
export function parseTeardownOptions(args: readonly string[]): TeardownOptions {
  const { yes, help, ...values } = parse(args);
  for (const name of ['stack', 'region', 'profile'] as const) {
    const value = values[name];
    if (value === undefined || names[name].test(value)) continue;
    throw new TeardownUsageError(
      `--${name}: got ${JSON.stringify(value)}; expected the name of a ${name}`,
    );
  }
  return { ...values, isConfirmed: yes, wantsHelp: help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new TeardownUsageError(`${message}; allowed are ${allowed}`);
  }
}
