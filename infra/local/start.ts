/** `npm start`: the connector on one machine. */

import { explain } from './cli/explain.ts';
import { parseStartOptions, startHelp, UsageError } from './cli/options.ts';
import { run } from './cli/run.ts';

try {
  const options = parseStartOptions(process.argv.slice(2));
  if (options === 'help') console.log(startHelp);
  else process.exitCode = await run(options);
} catch (error) {
  console.error(explain(error));
  if (error instanceof UsageError) console.error(`\n${startHelp}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
