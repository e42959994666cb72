/** The command line of `npm start`. */
import { parseArgs } from 'node:util';
import { wholeNumberOption, withUsageErrors } from '../../command-line/parse-arguments.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** Options of the local run. */
export interface StartOptions {
  /** Port of the API. */
  readonly port: number;
  /** Port of the AWS endpoint. */
  readonly awsPort: number;
  /** Port of the simulated VirusTotal. */
  readonly virusTotalPort: number;
  /** Stop after the first scan. */
  readonly once: boolean;
  /** Use the real VirusTotal instead of the simulator. */
  readonly live: boolean;
  /** How many times faster than real time the clock runs. */
  readonly speed: number;
  /** Rate limit of the simulated key, requests a minute. */
  readonly quota: number;
  /** Check the signatures of requests to the API, and the policies of the roles. */
  readonly sign: boolean;
  /** CDK context, as `cdk deploy -c name=value` takes it. */
  readonly context: Readonly<Record<string, string>>;
}

const API_PORT = 3000;
const AWS_PORT = 4566;
const MAX_SPEED = 1000;
const QUOTA = 240;

/** Printed by `--help`. */
export const startHelp = `Runs the connector on this machine: synthesises the stack, and runs its template and
bundles on local engines, with a simulated VirusTotal.

  npm start [-- options]

  --once             stop after the first scan: exit code 0, or 1 if it fails
  --live             use the real VirusTotal, with the key in VIRUSTOTAL_API_KEY
                     (others can see there what you submit)
  --port N           port of the API (default ${API_PORT}; 0: any free port)
  --aws-port N       port of the AWS services: S3, Secrets Manager, Lambda and others
                     (default ${AWS_PORT}; 0: any free port)
  --virustotal-port N  port of the simulated VirusTotal (default 0: any free port);
                     not with --live
  --speed N          run the clock N times faster (1 to ${MAX_SPEED}, default 1); not with --live
  --quota N          rate limit of the simulated key, requests a minute (default ${QUOTA};
                     a free key has 4); not with --live
  --sign             check access as AWS does: requests to the API have to be signed (key
                     local, secret local), and roles may do only what their policies allow
  -c name=value      CDK context, as for cdk deploy; may be repeated
  --help             print this help

Everything listens on 127.0.0.1 only. Press Ctrl-C to stop.`;

/**
 * Reads the command line.
 *
 * @param args - without the executable and the script
 * @returns the options, or `help`
 * @throws UsageError
 */
export function parseStartOptions(args: readonly string[]): StartOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const options = {
    // A run that stops by itself needs no fixed port, and must not collide with one that serves.
    port: wholeNumberOption('--port', values.port, values.once ? 0 : API_PORT, 0, 65_535),
    awsPort: wholeNumberOption(
      '--aws-port',
      values['aws-port'],
      values.once ? 0 : AWS_PORT,
      0,
      65_535,
    ),
    virusTotalPort: wholeNumberOption('--virustotal-port', values['virustotal-port'], 0, 0, 65_535),
    once: values.once,
    live: values.live,
    speed: wholeNumberOption('--speed', values.speed, 1, 1, MAX_SPEED),
    quota: wholeNumberOption('--quota', values.quota, QUOTA, 1, 100_000),
    sign: values.sign,
    context: contextOf(values.context),
  };
  refuseSamePort(options);
  for (const name of ['speed', 'quota', 'virustotal-port'] as const) {
    if (options.live && values[name] !== undefined) {
      throw new UsageError(`--${name} applies to the simulator; it cannot be used with --live`);
    }
  }
  return options;
}

function parse(args: readonly string[]) {
  return withUsageErrors(
    () =>
      parseArgs({
        args: [...args],
        options: {
          once: { type: 'boolean', default: false },
          live: { type: 'boolean', default: false },
          port: { type: 'string' },
          'aws-port': { type: 'string' },
          'virustotal-port': { type: 'string' },
          speed: { type: 'string' },
          quota: { type: 'string' },
          sign: { type: 'boolean', default: false },
          context: { type: 'string', short: 'c', multiple: true, default: [] },
          help: { type: 'boolean', short: 'h', default: false },
        },
      }).values,
  );
}

function refuseSamePort({ port, awsPort, virusTotalPort }: StartOptions): void {
  const ports = [port, awsPort, virusTotalPort].filter((each) => each !== 0);
  const twice = ports.find((each, index) => ports.indexOf(each) < index);
  if (twice !== undefined)
    throw new UsageError(`got port ${twice} twice; expected different ports`);
}

function contextOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) {
        throw new UsageError(`-c: got ${JSON.stringify(pair)}; expected name=value`);
      }
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
