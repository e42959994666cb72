/** The command `npm start`. */
import { UsageError } from '../../command-line/usage-error.ts';
import { explain } from './explain.ts';
import { parseStartOptions, startHelp } from './options.ts';
import { run } from './run.ts';

/**
 * Runs the command, and prints its errors.
 *
 * @param args - command line, without the program's own part
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseStartOptions(args);
    if (options !== 'help') return await run(options);
    console.log(startHelp);
    return 0;
  } catch (error) {
    console.error(explain(error));
    if (!(error instanceof UsageError)) return 1;
    console.error(`\n${startHelp}`);
    return 2;
  }
}
