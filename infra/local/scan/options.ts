/** The command line of `npm run scan`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

/** Options of a scan. */
export interface ScanOptions {
  readonly targets: readonly string[];
  readonly json: boolean;
}

/** Printed by `--help`. */
export const scanHelp = `Scans or looks up anything with the playbooks of the local run (npm start).

  npm run scan -- TARGET... [--json]

  TARGET   file: uploads it to the upload bucket, which starts ScanUpload
           s3://bucket/prefix: scans the objects below the prefix with ScanUpload
           URL: submits it and reports on it with ScanUrl
           hash, IP address or domain, defanged or not: looks it up with EnrichIndicators
  --json   print JSON instead of a table
  --help   print this help

Exit code, for the worst result: 10 malicious, 11 suspicious, 1 failed, 12 unknown,
pending or skipped, 0 clean. 2 if the command line is wrong.`;

/**
 * Reads the command line.
 *
 * @throws UsageError
 */
export function parseScanOptions(args: readonly string[]): ScanOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (positionals.length === 0) {
    throw new UsageError(
      'no target; expected a file, URL, hash, IP address, domain or s3://bucket/prefix',
    );
  }
  return { targets: positionals, json: values.json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
