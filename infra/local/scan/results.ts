/** What came of each target. */
import Table from 'cli-table3';

/** One result. */
export interface ScanResult {
  readonly target: string;
  /** Value of the verdict; `failed` when there is none. */
  readonly verdict: string;
  /** Why, in words. */
  readonly reason: string;
  /** What the playbook put out, whole. */
  readonly output: unknown;
}

/** Exit codes, the gravest first. */
const exitCodes: readonly (readonly [verdicts: readonly string[], code: number])[] = [
  [['malicious'], 10],
  [['suspicious'], 11],
  [['failed'], 1],
  [['unknown', 'pending', 'skipped'], 12],
];

/** The exit code of all results together. */
export function exitCodeOf(results: readonly ScanResult[]): number {
  const gravest = exitCodes.find(([verdicts]) =>
    results.some(({ verdict }) => verdicts.includes(verdict)),
  );
  return gravest?.[1] ?? 0;
}

/** Prints the results. */
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
