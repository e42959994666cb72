/**
 * The functions' structured log: one JSON object a line, never with an indicator's URL or a key in it.
 *
 * Lambda passes a line that is JSON on as it is, and filters by its `level` and `timestamp`
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html). A logging
 * library does no more here, and costs a tenth of a cold start (docs/decisions.md).
 */

/** Levels, the lowest first. */
const levels = ['debug', 'info', 'warn', 'error'] as const;

/** How grave a line is. */
export type LogLevel = (typeof levels)[number];

/** A logger: a sentence that is always the same for the same thing, and what varies as fields. */
export type Logger = Readonly<
  Record<LogLevel, (message: string, fields?: Readonly<Record<string, unknown>>) => void>
>;

/** How deep the causes of an error are followed. */
const MAX_CAUSES = 4;

/**
 * Makes a logger.
 *
 * @param write - takes a line, its new line included
 * @param lowest - lines below this level are dropped
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

/** What callers gave stands quoted in messages; VirusTotal's words and libraries' may hold a bare URL. */
function withoutInput(text: string | undefined): string | undefined {
  return text
    ?.replace(/"(?:[^"\\]|\\.)*"/gs, '"[left out]"')
    .replace(/\bh\w\wps?[^\w\s]{0,4}\/\/\S*/gi, '[URL left out]');
}

/** The logger of this function; the lowest level by `LOG_LEVEL`, default `info`. */
export const logger = createLogger((line) => process.stdout.write(line), process.env.LOG_LEVEL);
