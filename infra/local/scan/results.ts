/** Results of a scan: exit code and output. */
import Table from 'cli-table3';

/** The result for one target. */
export interface ScanResult {
  readonly target: string;
  /** Value of the verdict, or `failed`. */
  readonly verdict: string;
  /** Why, as text. */
  readonly reason: string;
  /** Complete output of the playbook. */
  readonly output: unknown;
}

/** Exit codes, worst first. */
const exitCodes: readonly (readonly [verdicts: readonly string[], code: number])[] = [
  [['malicious'], 10],
  [['suspicious'], 11],
  [['failed'], 1],
  [['unknown', 'pending', 'skipped'], 12],
];

/** Returns the exit code for the worst result. */
export function exitCodeOf(results: readonly ScanResult[]): number {
  const worst = exitCodes.find(([verdicts]) =>
    results.some(({ verdict }) => verdicts.includes(verdict)),
  );
  return worst?.[1] ?? 0;
}

/** Prints the results to standard output. */
export function printResults(results: readonly ScanResult[], asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(results, null, 2));
    return;
  }
  const table = new Table({
    head: ['target', 'verdict', 'reason'],
    style: { head: [], border: [] },
  });
  for (const { target, verdict, reason } of results) table.push([target, verdict, reason]);
  console.log(table.toString());
}
