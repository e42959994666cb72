/** Reads command lines. */
import { UsageError } from './usage-error.ts';

/**
 * Reads an option that is a whole number.
 *
 * @param text - as given; undefined if it is not
 * @throws UsageError
 */
export function wholeNumberOption(
  option: string,
  text: string | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (text === undefined) return fallback;
  const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${option}: got ${JSON.stringify(text)}; expected a whole number from ${least} to ${most}`,
  );
}

/**
 * Turns what `parseArgs` throws into a UsageError.
 *
 * @param hint - what is allowed; added to the message
 * @throws UsageError
 */
export function withUsageErrors<T>(parse: () => T, hint?: string): T {
  try {
    return parse();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(hint === undefined ? message : `${message}; ${hint}`);
  }
}
