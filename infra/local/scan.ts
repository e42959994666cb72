/** `npm run scan`: scans or looks up anything, by the playbooks of the local run. */
import { explain } from './cli/explain.ts';
import { UsageError } from './cli/options.ts';
import { findRunning } from './cli/running.ts';
import { parseScanOptions, scanHelp } from './scan/options.ts';
import { exitCodeOf, printResults } from './scan/results.ts';
import { scanAll } from './scan/scan-all.ts';

/** Exit code when something could not be scanned at all. */
const FAILED = 1;

try {
  const options = parseScanOptions(process.argv.slice(2));
  if (options === 'help') console.log(scanHelp);
  else {
    const say = (text: string) => process.stderr.write(`${text}\n`);
    const results = await scanAll(await findRunning(), options.targets, say);
    printResults(results, options.json);
    process.exitCode = exitCodeOf(results);
  }
} catch (error) {
  console.error(explain(error));
  if (error instanceof UsageError) console.error(`\n${scanHelp}`);
  process.exitCode = error instanceof UsageError ? 2 : FAILED;
}
