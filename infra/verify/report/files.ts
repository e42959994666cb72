/** The results as files. */
import { printable } from '../../command-line/printable.ts';
import type { CheckResult } from '../check.ts';
import { manualChecks } from '../manual-checks.ts';

/** What was verified. */
export interface Verified {
  /** In words. */
  readonly target: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly results: readonly CheckResult[];
  /** What stays in the account. */
  readonly leaves: readonly string[];
  readonly exitCode: number;
}

/** Returns the results as JSON. */
export function jsonReport({ results, ...verified }: Verified): string {
  const rows = results.map(({ check, status, detail, seconds }) => ({
    id: check.id,
    class: check.class,
    status,
    detail,
    seconds: Math.round(seconds * 1000) / 1000,
  }));
  const notChecked = manualChecks.map(({ id, text }) => ({ id, text }));
  return `${JSON.stringify({ ...verified, results: rows, notChecked }, null, 2)}\n`;
}

/** Returns the results as JUnit, which CI systems read. Unchecked ones are errors, so that none counts as passed. */
export function junitReport({ target, startedAt, results }: Verified): string {
  const count = (status: CheckResult['status']) =>
    results.filter((result) => result.status === status).length;
  const time = results.reduce((sum, { seconds }) => sum + seconds, 0);
  const attributes = [
    `name="${escaped(`verify ${target}`)}"`,
    `tests="${results.length}" failures="${count('failed')}" errors="${count('unchecked')}" skipped="${count('skipped')}"`,
    `time="${time.toFixed(3)}" timestamp="${startedAt.replace(/\.\d+Z$/, '')}"`,
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite ${attributes.join(' ')}>`,
    ...results.map(testCase),
    '</testsuite>',
    '',
  ].join('\n');
}

function testCase({ check, status, detail, seconds }: CheckResult): string {
  const start = `  <testcase classname="verify.${check.class}" name="${check.id}" time="${seconds.toFixed(3)}"`;
  const text = escaped(detail);
  if (status === 'failed') return `${start}><failure message="${text}"/></testcase>`;
  if (status === 'unchecked') return `${start}><error message="${text}"/></testcase>`;
  if (status === 'skipped') return `${start}><skipped message="${text}"/></testcase>`;
  return `${start}><system-out>${text}</system-out></testcase>`;
}

/** For XML 1.0, which has no control characters. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
