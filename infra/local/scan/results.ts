/** Results of a scan: exit code and output. */
import { printableJson } from '../../command-line/printable.ts';
import { formatTable } from '../../command-line/table.ts';

/** The result for one target. */
export interface ScanResult {
  readonly target: string;
  /** What the target was taken as; `none` if it cannot be scanned. */
  readonly type: 'file' | 'object' | 'hash' | 'ip' | 'url' | 'domain' | 'none';
  /** Value of the verdict, or `failed`. */
  readonly verdict: string;
  /** Why, as text. */
  readonly reason: string;
  /** Complete output of the playbook. */
  readonly output: unknown;
}

/** Exit codes, worst first. */
const exitCodes: readonly (readonly [isMet: (result: ScanResult) => boolean, code: number])[] = [
  [({ verdict }) => verdict === 'malicious', 10],
  [({ verdict }) => verdict === 'suspicious', 11],
  [({ type }) => type === 'none', 2],
  [({ verdict }) => verdict === 'failed', 1],
  [({ verdict }) => verdict !== 'clean', 12],
];

/** Returns the exit code for the worst result. */
export function exitCodeOf(results: readonly ScanResult[]): number {
  return exitCodes.find(([isMet]) => results.some(isMet))?.[1] ?? 0;
}

/**
 * Returns the results as text for standard output.
 *
 * @param width - widest line of the table, characters
 */
export function formatResults(
  results: readonly ScanResult[],
  asJson: boolean,
  width: number,
): string {
  if (asJson) return printableJson(results);
  return formatTable(
    ['target', 'type', 'verdict', 'reason'],
    results.map(({ target, type, verdict, reason }) => [target, type, verdict, reason]),
    width,
  );
}
