/** The command line of `npm run cache`. */
import { parseArgs } from 'node:util';
import { wholeNumberOption, withUsageErrors } from '../command-line/parse-arguments.ts';
import {
  checkStackOptions,
  type StackOptions,
  stackHelp,
  stackOptions,
} from '../command-line/stack-options.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** Printed by `--help`. */
export const cacheHelp = `Shows or clears what the connector keeps of VirusTotal's answers about an indicator.

  npm run cache -- show INDICATOR
  npm run cache -- clear INDICATOR
  npm run cache -- show INDICATOR --local

  INDICATOR        hash, URL, IP address or domain; may be defanged
${stackHelp}
  --local          the local run that serves, instead of a deployed stack
  --port N         API port of the local run, if several are serving
  --json           print JSON instead of a table; show prints the answers, too
  --help           print this help

Exit codes: 0 done, also if nothing is kept; 1 failed; 2 wrong usage.`;

/** The command line. */
export interface CacheOptions extends StackOptions {
  readonly action: 'show' | 'clear';
  readonly indicator: string;
  readonly local: boolean;
  /** API port of the local run. */
  readonly port: number | undefined;
  readonly json: boolean;
}

const options = {
  ...stackOptions,
  local: { type: 'boolean', default: false },
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
export function parseCacheOptions(args: readonly string[]): CacheOptions | 'help' {
  const { values, positionals } = withUsageErrors(
    () => parseArgs({ args: [...args], options, allowPositionals: true }),
    `allowed are ${allowed}`,
  );
  const { help, port, ...rest } = values;
  if (help) return 'help';
  const [action, indicator, ...more] = positionals;
  if (action !== 'show' && action !== 'clear') {
    const got = action === undefined ? 'nothing' : JSON.stringify(action);
    throw new UsageError(`action: got ${got}; expected show or clear`);
  }
  if (indicator === undefined || more.length > 0) {
    const got = indicator === undefined ? 'none' : positionals.length - 1;
    throw new UsageError(`indicator: got ${got}; expected one hash, URL, IP address or domain`);
  }
  if (port !== undefined && !rest.local) throw new UsageError('--port: needs --local');
  checkStackOptions(rest);
  const localPort =
    port === undefined ? undefined : wholeNumberOption('--port', port, 0, 1, 65_535);
  return { ...rest, action, indicator, port: localPort };
}
