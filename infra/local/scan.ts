/** `npm run scan`: scans or looks up anything with the playbooks of the local run. */

import { printable } from '../command-line/printable.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { explain } from './cli/explain.ts';
import { findRunning } from './running.ts';
import { parseScanOptions, scanHelp } from './scan/options.ts';
import { exitCodeOf, formatResults } from './scan/results.ts';
import { scanAll } from './scan/scan-all.ts';

/** Of a table that goes to a file or a pipe, characters. */
const PIPED_WIDTH = 80;

try {
  const options = parseScanOptions(process.argv.slice(2));
  if (options === 'help') console.log(scanHelp);
  else {
    // Standard output has only the results.
    const onProgress = (text: string) => console.error(printable(text));
    const running = await findRunning(options.port);
    const results = await scanAll(running, options.targets, onProgress);
    console.log(formatResults(results, options.json, process.stdout.columns ?? PIPED_WIDTH));
    process.exitCode = exitCodeOf(results);
  }
} catch (error) {
  console.error(explain(error));
  if (error instanceof UsageError) console.error(`\n${scanHelp}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
