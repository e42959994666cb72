/** The command line of `npm run verify`. */
import { parseArgs } from 'node:util';
import { withUsageErrors } from '../command-line/parse-arguments.ts';
import {
  checkStackOptions,
  type StackOptions,
  stackHelp,
  stackOptions,
} from '../command-line/stack-options.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { Check, CheckClass } from './check.ts';
import { checks } from './checks/all.ts';

/** Printed by `--help`. */
export const verifyHelp = `Proves a deployment, through its public interfaces, and says what it will cost first.

  npm run verify
  npm run verify -- --stack NAME --region NAME --profile NAME
  npm run verify -- --local

${stackHelp}
  --local          the local run that serves, or one that is started for it (npm start -- --sign)
  --port N         API port of the local run, if several are serving
  --submit         also publish a generated text on VirusTotal
  --large          also submit generated files of 1 byte, 32 MB and 650 MB, which are published
  --bucket NAME    also read an object of this bucket, which may have a KMS key or be in another Region
  --only NAME      run only this check, and those it needs; may be repeated. Checks that break or
                   lock something run only so, and ask for a confirmation
  --prefix TEXT    put this before the keys of objects, for stacks with scanPrefixes
  --suffix TEXT    put this after the keys of objects, for stacks with scanSuffixes
  --json FILE      write the results as JSON
  --junit FILE     write the results for CI systems
  --list           print the checks, without running them
  --help           print this help

It removes the objects that it uploads, also when it is interrupted. Exit codes: 0 passed, 1 failed,
2 wrong usage, 3 something could not be checked.`;

/** The command line. */
export interface VerifyOptions extends StackOptions {
  readonly local: boolean;
  readonly port: string | undefined;
  readonly bucket: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  readonly json: string | undefined;
  readonly junit: string | undefined;
  /** What to run, in order, with the checks that these need. */
  readonly checks: readonly Check[];
}

const options = {
  ...stackOptions,
  local: { type: 'boolean', default: false },
  port: { type: 'string' },
  submit: { type: 'boolean', default: false },
  large: { type: 'boolean', default: false },
  bucket: { type: 'string' },
  only: { type: 'string', multiple: true },
  prefix: { type: 'string', default: '' },
  suffix: { type: 'string', default: '.com' },
  json: { type: 'string' },
  junit: { type: 'string' },
  list: { type: 'boolean', default: false },
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
export function parseVerifyOptions(args: readonly string[]): VerifyOptions | 'help' | 'list' {
  const given = withUsageErrors(
    () => parseArgs({ args: [...args], options }).values,
    `allowed are ${allowed}`,
  );
  if (given.help) return 'help';
  if (given.list) return 'list';
  checkStackOptions(given);
  refuseWithLocal(args, given.local);
  const { local, port, bucket, prefix, suffix, json, junit, stack, region, profile } = given;
  const classes: readonly CheckClass[] = [
    'lookup',
    'object',
    ...(given.submit ? (['submit'] as const) : []),
    ...(given.large ? (['large'] as const) : []),
    ...(bucket === undefined ? [] : (['bucket'] as const)),
  ];
  const selected = given.only === undefined ? ofClasses(classes) : only(given.only);
  if (selected.some((check) => check.class === 'bucket') && bucket === undefined) {
    throw new UsageError('the check of another bucket needs its name: --bucket NAME');
  }
  return {
    stack,
    region,
    profile,
    local,
    port,
    bucket,
    prefix,
    suffix,
    json,
    junit,
    checks: selected,
  };
}

/** The local run has one stack, without an account. */
function refuseWithLocal(args: readonly string[], isLocal: boolean): void {
  const names = isLocal ? ['--region', '--profile', '--stack'] : ['--port'];
  const found = names.find((name) =>
    args.some((arg) => arg === name || arg.startsWith(`${name}=`)),
  );
  if (found === undefined) return;
  throw new UsageError(isLocal ? `${found} cannot be used with --local` : `${found} needs --local`);
}

function ofClasses(classes: readonly CheckClass[]): Check[] {
  return checks.filter((check) => classes.includes(check.class));
}

/** The named checks, and those that they need. */
function only(names: readonly string[]): Check[] {
  const unknown = names.find((name) => !checks.some(({ id }) => id === name));
  if (unknown !== undefined) {
    const known = checks.map(({ id }) => id).join(', ');
    throw new UsageError(`--only: got ${JSON.stringify(unknown)}; expected one of ${known}`);
  }
  const needed = checks.filter(({ id }) => names.includes(id)).flatMap(({ needs = [] }) => needs);
  return checks.filter(({ id }) => names.includes(id) || needed.includes(id));
}
