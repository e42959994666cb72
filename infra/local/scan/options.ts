/** The command line of `npm run scan`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../cli/options.ts';

/** What the user wants scanned. */
export interface ScanOptions {
  readonly targets: readonly string[];
  readonly json: boolean;
}

/** What `--help` prints. */
export const scanHelp = `Scans or looks up anything, by the playbooks of the local run (npm start).

  npm run scan -- TARGET... [--json]

  TARGET   a file: put into the upload bucket, which starts ScanUpload
           s3://bucket/prefix: the objects that are there, by ScanUpload
           a URL: submitted and reported, by ScanUrl
           a hash, IP address or domain, defanged or not: looked up, by EnrichIndicators
  --json   JSON instead of a table
  --help   print this

Exit code: 0 all clean, 10 one malicious, 11 one suspicious, 12 one unknown, pending
or skipped (the gravest counts), 1 one failed, 2 the command line is wrong.`;

/**
 * Reads the command line.
 *
 * @throws UsageError
 */
export function parseScanOptions(args: readonly string[]): ScanOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (positionals.length === 0) {
    throw new UsageError('no target: give a file, URL, hash, IP address, domain or s3://...');
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
