/** The command line of `npm run scan`. */
import { parseArgs } from 'node:util';
import { wholeNumberOption, withUsageErrors } from '../../command-line/parse-arguments.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** Options of a scan. */
export interface ScanOptions {
  readonly targets: readonly string[];
  readonly json: boolean;
  /** API port of the local run; undefined: the only one that serves. */
  readonly port: number | undefined;
}

/** Printed by `--help`. */
export const scanHelp = `Scans or looks up anything with the playbooks of the local run (npm start).

  npm run scan -- TARGET... [--json] [--port N]

  TARGET     file: uploads it to the upload bucket, which starts ScanUpload
             s3://bucket/prefix: scans the objects below the prefix that have no verdict,
             with ScanExisting
             URL: submits it and reports on it with ScanUrl
             hash, IP address or domain: looks it up with EnrichIndicators
  --json     print JSON instead of a table
  --port N   API port of the local run, if several are serving
  --help     print this help

URLs, addresses and domains may be defanged. A path or a name that could be a file's
(setup.sh, notes.txt) is only ever taken as a file. A prefix says what is meant otherwise:
file:NAME, url:example.com/a, domain:example.zip, ip:ADDRESS, hash:DIGEST.

Exit code, for the worst result: 10 malicious, 11 suspicious, 2 a target that is neither
a file nor an indicator, 1 failed, 12 unknown, pending or skipped, 0 clean. 2 also if the
command line is wrong.`;

/**
 * Reads the command line.
 *
 * @throws UsageError
 */
export function parseScanOptions(args: readonly string[]): ScanOptions | 'help' {
  const { values, positionals } = withUsageErrors(() => parse(args));
  if (values.help) return 'help';
  if (positionals.length === 0) {
    throw new UsageError(
      'no target; expected a file, URL, hash, IP address, domain or s3://bucket/prefix',
    );
  }
  return { targets: positionals, json: values.json, port: portOf(values.port) };
}

/**
 * Reads `--port`, which names a local run.
 *
 * @throws UsageError
 */
export function portOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumberOption('--port', text, 0, 1, 65_535);
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}
