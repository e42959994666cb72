/** `npm run bench`: measures side by side in one run, prints tables, and gates nothing. */
import { writeFile } from 'node:fs/promises';
import { chartOf } from './chart.ts';
import { measure } from './measure.ts';
import { benchHelp, parseBenchOptions, UsageError } from './options.ts';
import { printTables } from './tables.ts';

try {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options === 'help') console.log(benchHelp);
  else {
    const results = await measure(options);
    if (options.json) console.log(JSON.stringify(results, null, 2));
    else printTables(results);
    if (options.chart) await writeFile(options.chart, chartOf(results));
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${benchHelp}`);
  process.exitCode = 2;
}
