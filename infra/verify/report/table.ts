/** The results for people. */
import { formatTable } from '../../command-line/table.ts';
import type { Check, CheckResult } from '../check.ts';
import { manualChecks } from '../manual-checks.ts';

const words: Readonly<Record<CheckResult['status'], string>> = {
  passed: 'passed',
  failed: 'FAILED',
  unchecked: 'NOT CHECKED',
  skipped: 'skipped',
};

/** Returns the table of results. @param width - characters */
export function resultTable(results: readonly CheckResult[], width: number): string {
  const rows = results.map(({ check, status, detail }) => [check.id, words[status], detail]);
  return formatTable(['check', 'result', 'evidence, or what was got'], rows, width);
}

/** Returns the lines below the table. */
export function summaryLines(results: readonly CheckResult[], leaves: readonly string[]): string[] {
  const count = (status: CheckResult['status']) =>
    results.filter((result) => result.status === status).length;
  return [
    `${count('passed')} passed, ${count('failed')} failed, ${count('unchecked')} not checked, ${count('skipped')} skipped`,
    ...(leaves.length > 0 ? ['What stays:', ...leaves.map((what) => `  ${what}`)] : []),
    `Not checked by this command (docs/first-deployment.md): ${manualChecks.map(({ id }) => id).join(', ')}`,
  ];
}

/** Returns what a run will do and cost, as lines. @param target - in words */
export function announcement(checks: readonly Check[], target: string): string[] {
  const requests = checks.reduce((sum, check) => sum + check.requests, 0);
  const uploads = checks.some(({ class: kind }) => kind !== 'lookup');
  return [
    `Verifying ${target}`,
    `${checks.length} checks, at most ${requests} requests to VirusTotal (a free key has 4 a minute; it waits for the quota)`,
    ...(uploads
      ? ['Objects are put under verify/ in the upload bucket, and removed at the end.']
      : []),
    ...(checks.some(({ class: kind }) => kind === 'submit' || kind === 'large')
      ? ['Generated files are published on VirusTotal.']
      : []),
  ];
}
