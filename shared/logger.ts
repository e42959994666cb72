/**
 * The functions' structured log: one JSON object per line, never with an indicator's URL or a key.
 *
 * Lambda passes JSON lines on unchanged, and filters by their `level` and `timestamp`
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html). A logging library
 * would add nothing here, and cost a tenth of a cold start (docs/decisions.md).
 */

import { type Metric, metricMembers } from './metrics.ts';

/** Levels, lowest first. */
const levels = ['debug', 'info', 'warn', 'error'] as const;

/** Severity of a line. */
export type LogLevel = (typeof levels)[number];

/** A logger: messages are constant, and details are fields. */
export type Logger = Readonly<
  Record<LogLevel, (message: string, fields?: Readonly<Record<string, unknown>>) => void>
>;

/** How many nested causes of an error are logged. */
const MAX_CAUSES = 4;

/**
 * Creates a logger.
 *
 * @param write - takes a line, including its newline
 * @param lowest - drops lines below this level
 * @param now - clock, epoch milliseconds
 */
export function createLogger(
  write: (line: string) => void,
  lowest: string = 'info',
  now: () => number = Date.now,
): Logger {
  const least = levels.map(String).indexOf(lowest.toLowerCase());
  const at =
    (level: LogLevel) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      if (levels.indexOf(level) < least) return;
      const timestamp = new Date(now()).toISOString();
      const line = { level: level.toUpperCase(), timestamp, message, ...fields };
      write(`${JSON.stringify(line, (_key, value: unknown) => describeError(value))}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function describeError(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  const { name, cause } = value;
  const error = { name, message: withoutInput(value.message), stack: withoutInput(value.stack) };
  if (cause === undefined || depth === MAX_CAUSES) return error;
  return { ...error, cause: describeError(cause, depth + 1) };
}

/** Removes quoted input from a message, and bare URLs, which foreign messages may contain. */
function withoutInput(text: string | undefined): string | undefined {
  return text
    ?.replace(/"(?:[^"\\]|\\.)*"/gs, '"[left out]"')
    .replace(/\bh\w\wps?[^\w\s]{0,4}\/\/\S*/gi, '[URL left out]');
}

/**
 * Writes a log line with metrics, whatever the lowest level: a function that logs errors only has metrics, too.
 *
 * @param stack - name of the stack
 * @param fields - of the line, besides the metrics
 */
export function logMetrics(
  metrics: readonly Metric[],
  stack: string,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  always.info(message, { ...fields, ...metricMembers(metrics, stack, Date.now()) });
}

const write = (line: string) => process.stdout.write(line);
const always = createLogger(write);

/** The logger of this function; `LOG_LEVEL` sets the lowest level. */
export const logger = createLogger(write, process.env.LOG_LEVEL);
