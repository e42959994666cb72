/** Verifies one deployment: announces, runs, removes, reports. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { printable } from '../command-line/printable.ts';
import { type CheckResult, checkClasses } from './check.ts';
import type { CheckContext, Target } from './context.ts';
import { createGuard } from './guard.ts';
import type { VerifyOptions } from './options.ts';
import { NotChecked } from './outcomes.ts';
import { removeLeftovers } from './remove-objects.ts';
import { jsonReport, junitReport, type Verified } from './report/files.ts';
import { announcement, resultTable, summaryLines } from './report/table.ts';
import { exitCodeOfResults, runChecks } from './run-checks.ts';
import { uploadPlace } from './scan-of-upload.ts';
import { type AccountOptions, destroyClients, openTarget } from './stack-of-account.ts';
import { type Guard, TemporaryObjects } from './temporary-objects.ts';

/** What the process gives. */
export interface VerifyProcess {
  /** Prints the result. */
  readonly print: (text: string) => void;
  /** Prints progress. */
  readonly progress: (text: string) => void;
  /** Width of the table, characters. */
  readonly width: number;
  readonly signal: AbortSignal;
  /** Rejects when `signal` aborts. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Reads the answer to a question; undefined without a terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Removes objects if this process is killed. @default a separate process */
  readonly guard?: Guard;
}

/**
 * Verifies the stack of an account or of a local run.
 *
 * @returns the exit code
 */
export async function verify(
  options: VerifyOptions,
  account: AccountOptions,
  process: VerifyProcess,
): Promise<number> {
  const startedAt = new Date();
  const target = await openTarget(account);
  try {
    const name = nameOf(target);
    for (const line of announcement(options.checks, name)) process.progress(line);
    await confirmBreaking(options, process);
    const leaves = new Set<string>();
    const context = contextOf(options, account, target, process, leaves);
    await removeOldLeftovers(context);
    const { results, problems } = await runAndRemove(options, context, process);
    for (const { check, status } of results) {
      if (check.leaves && status !== 'skipped') leaves.add(check.leaves);
    }
    for (const problem of problems) leaves.add(`NOT REMOVED: ${problem}`);
    const exitCode = problems.length > 0 ? 1 : exitCodeOfResults(results);
    const verified: Verified = {
      target: name,
      startedAt: startedAt.toISOString(),
      results,
      leaves: [...leaves],
      exitCode,
    };
    await report(options, verified, process);
    return exitCode;
  } finally {
    destroyClients(target.clients);
  }
}

function nameOf({ stack, account, region, local }: Target): string {
  if (local) return `the local run at ${local.awsUrl}`;
  return `the stack ${stack} in account ${account}, ${region}`;
}

/** @throws NotChecked without the typed confirmation */
async function confirmBreaking({ checks }: VerifyOptions, process: VerifyProcess): Promise<void> {
  for (const { id, breaks } of checks.filter((check) => check.class === 'breaking')) {
    process.progress(`${id}: ${breaks}`);
    if (!process.ask) throw new NotChecked(`${id} has to be confirmed on a terminal`);
    const answer = await process.ask(`Type ${id} to go on: `);
    if (answer.trim() !== id) throw new NotChecked(`the answer was not ${id}; nothing was changed`);
  }
}

function contextOf(
  options: VerifyOptions,
  account: AccountOptions,
  target: Target,
  { progress, signal, sleep, guard }: VerifyProcess,
  leaves: Set<string>,
): CheckContext {
  const { bucket, prefix, suffix, checks } = options;
  const { stack: _, ...reached } = account;
  return {
    target,
    settings: { bucket, prefix, suffix, mayLock: checks.some(({ id }) => id === 'quarantine') },
    runId: randomUUID(),
    startedAt: Date.now(),
    objects: new TemporaryObjects(target.clients.s3, guard ?? createGuard(reached)),
    signal,
    progress: (text) => progress(`  ${text}`),
    sleep,
    leave: (what) => leaves.add(what),
    shared: {},
  };
}

/** Removes what killed runs have left, if this account may. */
async function removeOldLeftovers(context: CheckContext): Promise<void> {
  const { target, settings, progress } = context;
  if (!target.outputs.UploadBucketName || !target.outputs.ReportBucketName) return;
  const place = { ...uploadPlace(context), prefix: settings.prefix };
  try {
    const count = await removeLeftovers(target.clients.s3, place, Date.now());
    if (count > 0) progress(`removed ${count} object versions of an earlier run that was killed`);
  } catch (error) {
    progress(`cannot look for leftovers of earlier runs: ${String(error)}`);
  }
}

async function runAndRemove(
  { checks }: VerifyOptions,
  context: CheckContext,
  { progress }: VerifyProcess,
): Promise<{ results: CheckResult[]; problems: string[] }> {
  let done = 0;
  const results = await runChecks(checks, context, {
    onStart: ({ id, class: kind }) => {
      done += 1;
      progress(`[${done}/${checks.length}] ${id} (${checkClasses[kind]})`);
    },
    onEnd: ({ check, status, detail }) => {
      if (status !== 'passed') progress(`  ${check.id} ${status}: ${detail}`);
    },
  });
  progress('removing objects');
  return { results, problems: await context.objects.removeAll() };
}

async function report(options: VerifyOptions, verified: Verified, process: VerifyProcess) {
  process.print(resultTable(verified.results, process.width));
  for (const line of summaryLines(verified.results, verified.leaves)) {
    process.print(printable(line));
  }
  if (options.json !== undefined) await writeFile(options.json, jsonReport(verified));
  if (options.junit !== undefined) await writeFile(options.junit, junitReport(verified));
}
