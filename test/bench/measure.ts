/** The measurements of one benchmark run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from './machine.ts';
import type { parseBenchOptions } from './options.ts';

/** What a run has measured; parts that were not requested are absent. */
export type BenchResults = Awaited<ReturnType<typeof measure>>;

/** Measures the parts that the options name. */
export async function measure(options: Exclude<ReturnType<typeof parseBenchOptions>, 'help'>) {
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
