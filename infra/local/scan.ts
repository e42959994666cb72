/** `npm run scan`: scans or looks up anything with the playbooks of the local run. */
import { explain } from './cli/explain.ts';
import { readRunning } from './running.ts';
import { parseScanOptions, scanHelp } from './scan/options.ts';
import { exitCodeOf, printResults } from './scan/results.ts';
import { scanAll } from './scan/scan-all.ts';
import { UsageError } from './usage-error.ts';

try {
  const options = parseScanOptions(process.argv.slice(2));
  if (options === 'help') console.log(scanHelp);
  else {
    // Standard output has only the results.
    const results = await scanAll(await readRunning(), options.targets, console.error);
    printResults(results, options.json);
    process.exitCode = exitCodeOf(results);
  }
} catch (error) {
  console.error(explain(error));
  if (error instanceof UsageError) console.error(`\n${scanHelp}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
