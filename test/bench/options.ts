/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';

/** What can be measured. */
export const parts = ['bytes', 'cold', 'warm', 'streaming', 'concurrency'] as const;

/** What the user asks for. */
export interface BenchOptions {
  readonly only: readonly string[];
  /** Rounds of cold and warm. */
  readonly rounds: number;
  /** Rounds of each streamed size. */
  readonly streamRounds: number;
  readonly json: boolean;
  /** Path of the chart, SVG. */
  readonly chart: string | undefined;
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `--help` prints. */
export const benchHelp = `Measures the connector on this machine, with its baselines in the same run.

  npm run bench [-- options]

  --only LIST        parts, separated by commas: ${parts.join(', ')} (default: all)
  --rounds N         rounds of cold and warm (default 21)
  --stream-rounds N  rounds of each streamed size (default 5)
  --json             JSON instead of tables
  --chart FILE       write a chart, SVG
  --help             print this`;

/**
 * Reads the command line.
 *
 * @throws UsageError
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const only = values.only?.split(',') ?? [...parts];
  const unknown = only.find((part) => !parts.some((known) => known === part));
  if (unknown !== undefined) {
    throw new UsageError(`--only: got "${unknown}"; allowed: ${parts.join(', ')}`);
  }
  return {
    only,
    rounds: whole('--rounds', values.rounds, 21),
    streamRounds: whole('--stream-rounds', values['stream-rounds'], 5),
    json: values.json,
    chart: values.chart,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        'stream-rounds': { type: 'string' },
        json: { type: 'boolean', default: false },
        chart: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new UsageError(`${name}: got "${text}"; allowed: a whole number from 1 to 9999`);
}
