/** `npm run outputs`: prints the outputs of the local run's stack, for commands that need names or ARNs. */
import { parseArgs } from 'node:util';
import { withUsageErrors } from '../command-line/parse-arguments.ts';
import { printableLines } from '../command-line/printable.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { explain } from './cli/explain.ts';
import { findRunning } from './running.ts';
import { portOf } from './scan/options.ts';

const help = `Prints the outputs of the local run's stack: names and ARNs.

  npm run outputs                          all of them
  npm run --silent outputs -- NAME         the value of one, for use in a command

  --port N   API port of the local run, if several are serving
  --help     print this help`;

try {
  const { values, positionals } = withUsageErrors(() =>
    parseArgs({
      allowPositionals: true,
      options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }),
  );
  if (values.help) console.log(help);
  else {
    const { outputs } = await findRunning(portOf(values.port));
    console.log(printableLines(textOf(outputs, positionals)));
  }
} catch (error) {
  console.error(explain(error));
  if (error instanceof UsageError) console.error(`\n${help}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function textOf(outputs: Readonly<Record<string, string>>, names: readonly string[]): string {
  const all = Object.keys(outputs).sort();
  const width = Math.max(...all.map((name) => name.length));
  const [name, second] = names;
  if (name === undefined) {
    return all.map((each) => `${each.padEnd(width)}  ${outputs[each]}`).join('\n');
  }
  const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (second !== undefined) throw new UsageError(`got ${names.length} names; expected at most one`);
  if (value === undefined) {
    throw new UsageError(`got ${JSON.stringify(name)}; expected one of ${all.join(', ')}`);
  }
  return value;
}
