/** The command line of `npm run quota`. */
import { parseArgs } from 'node:util';
import { wholeNumberOption, withUsageErrors } from '../command-line/parse-arguments.ts';
import { checkStackOptions, type StackOptions } from '../command-line/stack-options.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** Printed by `--help`. */
export const quotaHelp = `Shows what is used and left of VirusTotal's quota, who waits, and when it is renewed.

  npm run quota                            of the local run
  npm run quota -- --stack NAME            of a deployed stack

  --stack NAME     name of a deployed stack
  --region NAME    its Region (default: that of the profile or of AWS_REGION)
  --profile NAME   profile of the AWS configuration
  --port N         port of the local run's API, if several are serving
  --json           print the answer of GET /quota
  --help           print this help

It asks VirusTotal nothing. A deployed stack needs cloudformation:DescribeStacks,
cloudformation:ListStackResources and execute-api:Invoke.
Exit codes: 0 shown, 1 failed, 2 wrong usage, 130 interrupted.`;

/** Whose quota is shown. */
export interface QuotaOptions {
  readonly isJson: boolean;
  /** A deployed stack; undefined for the local run. */
  readonly deployed: StackOptions | undefined;
  /** Port of the local run. */
  readonly port: number | undefined;
}

const options = {
  stack: { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
  port: { type: 'string' },
  json: { type: 'boolean', default: false },
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
export function parseQuotaOptions(args: readonly string[]): QuotaOptions | 'help' {
  const values = withUsageErrors(
    () => parseArgs({ args: [...args], options }).values,
    `allowed are ${allowed}`,
  );
  const { stack, region, profile, json: isJson } = values;
  if (values.help) return 'help';
  const port =
    values.port === undefined ? undefined : wholeNumberOption('--port', values.port, 0, 1, 65_535);
  if (stack === undefined) {
    const name = region !== undefined ? '--region' : profile !== undefined ? '--profile' : null;
    if (name) throw new UsageError(`${name} needs --stack, the name of a deployed stack`);
    return { isJson, deployed: undefined, port };
  }
  if (port !== undefined) throw new UsageError('got --stack and --port; expected one of them');
  const deployed = { stack, region, profile };
  checkStackOptions(deployed);
  return { isJson, deployed, port };
}
