/** `npm run bench`: measures side by side in one run, prints tables, and gates nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartOf } from './chart.ts';
import { machine } from './machine.ts';
import { benchHelp, parseBenchOptions, UsageError } from './options.ts';
import { printTables } from './tables.ts';

/** What a run has measured; parts that were not asked for are absent. */
export type BenchResults = Awaited<ReturnType<typeof measure>>;

async function measure(options: Exclude<ReturnType<typeof parseBenchOptions>, 'help'>) {
  const directory = await mkdtemp(join(tmpdir(), 'virustotal-connector-bench-'));
  const say = (text: string) => process.stderr.write(`\r\u001b[K${text}`);
  const wants = (part: string) => options.only.includes(part);
  const round = (name: string, all: number) => (n: number) => say(`${name}: round ${n} of ${all}`);
  try {
    const results = {
      machine: machine(),
      ...(wants('bytes') && { bytes: await (await import('./bytes.ts')).bytes(directory) }),
      ...(wants('cold') && {
        cold: await (await import('./cold.ts')).cold(
          directory,
          options.rounds,
          round('cold', options.rounds),
        ),
      }),
      ...(wants('warm') && {
        warm: await (await import('./warm.ts')).warm(options.rounds, round('warm', options.rounds)),
      }),
      ...(wants('streaming') && {
        streaming: await (await import('./streaming.ts')).streaming(
          directory,
          options.streamRounds,
          (bytes, n) =>
            say(`streaming ${bytes / 1024 / 1024} MiB: round ${n + 1} of ${options.streamRounds}`),
        ),
      }),
      ...(wants('concurrency') && {
        concurrency: await (await import('./concurrency.ts')).concurrency(say),
      }),
    };
    say('');
    return results;
  } finally {
    await rm(directory, { recursive: true });
  }
}

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
