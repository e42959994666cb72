/** `npm run verify -- --local` as a process against the deployed bundles, and what it leaves behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRunning } from '../../infra/local/running.ts';
import { createWorkDirectory } from '../../infra/local/work-directory.ts';
import { STARTUP_MS, startTestStack, type TestStack, testKeys } from '../support/running-stack.ts';
import { keysInBuckets, runVerify } from '../support/verify-runs.ts';

const program = join(import.meta.dirname, '../../infra/local/verify.ts');
/** On a busy machine, milliseconds. */
const PATIENCE_MS = 120_000;

let running: TestStack;
let directory: string;
let reports: string;

beforeAll(async () => {
  running = await startTestStack({ isTriggered: true, checksAccess: true });
  // The command finds it as it finds a local run.
  directory = await createWorkDirectory();
  await writeRunning(directory, { ...running, isSigned: true });
  reports = await mkdtemp(join(tmpdir(), 'verify-'));
}, STARTUP_MS);

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await rm(reports, { recursive: true, force: true });
  await running.close();
});

/** Starts the command. @param onProgress - gets what it has printed to standard error so far */
function start(args: readonly string[], onProgress: (progress: string) => void = () => undefined) {
  const port = new URL(running.apiUrl).port;
  const child = spawn(process.execPath, [program, '--local', '--port', port, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let progress = '';
  child.stderr.on('data', (chunk) => {
    progress += chunk;
    onProgress(progress);
  });
  const ended = Promise.all([once(child, 'close'), text(child.stdout)]).then(
    ([[code], stdout]) => ({ code, stdout, progress }),
  );
  return { child, ended };
}

it(
  'passes, removes what it made, and spends no more requests than it said',
  async () => {
    const before = running.simulator.requests.length;
    const [json, junit] = [join(reports, 'a.json'), join(reports, 'a.xml')];
    const { code, stdout, progress } = await start(['--json', json, '--junit', junit]).ended;
    expect({ code, failed: stdout.match(/.*(?:FAILED|NOT CHECKED).*/g) }).toEqual({
      code: 0,
      failed: null,
    });
    expect(await keysInBuckets(running)).toEqual([]);
    const announced = Number(/at most (\d+) requests/.exec(progress)?.[1]);
    const spent = running.simulator.requests.length - before;
    expect(spent).toBeGreaterThan(10);
    expect(spent).toBeLessThanOrEqual(announced);
    const results: { exitCode: number; results: { id: string; status: string }[] } = JSON.parse(
      await readFile(json, 'utf8'),
    );
    expect(results.exitCode).toBe(0);
    const skipped = results.results.filter(({ status }) => status !== 'passed');
    expect(skipped.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'api-key skipped',
      'cold-starts skipped',
      'access-log skipped',
      'traces skipped',
      'deny-until-verdict skipped',
    ]);
    expect(await readFile(junit, 'utf8')).toContain(
      `tests="${results.results.length}" failures="0" errors="0" skipped="5"`,
    );
  },
  PATIENCE_MS,
);

it.each(['SIGINT', 'SIGKILL'] as const)(
  'leaves nothing in the buckets after %s',
  async (signal) => {
    const { child, ended } = start(['--only', 'scan'], (progress) => {
      if (progress.includes('uploaded s3://') && !child.killed) child.kill(signal);
    });
    const { code } = await ended;
    expect(code).toBe(signal === 'SIGKILL' ? null : 3);
    // After SIGKILL, another process removes the objects; the scan goes on, and may write its report later.
    await expect.poll(() => keysInBuckets(running), { timeout: 60_000, interval: 500 }).toEqual([]);
    await running.bus.idle();
    const executions = running.stateMachines.listExecutions(
      running.stack.outputs.ScanUploadStateMachineArn ?? '',
    );
    for (const { executionArn } of executions) await running.stateMachines.ended(executionArn);
    await expect.poll(() => keysInBuckets(running), { timeout: 60_000, interval: 500 }).toEqual([]);
  },
  PATIENCE_MS,
);

it(
  'runs the checks that flags switch on, and those that need a confirmation',
  async () => {
    const fast = await startTestStack({
      isTriggered: true,
      speed: 30,
      simulator: { keys: [{ key: testKeys.public, tier: 'public', perMinute: 60 }] },
    });
    try {
      await fast.createBucket('another-bucket');
      const flags = [
        '--only',
        'submit-text',
        '--only',
        'read-bucket',
        '--bucket',
        'another-bucket',
      ];
      const run = await runVerify(fast, flags);
      expect(run.printed).toContain('2 passed, 0 failed');
      expect(run.exitCode).toBe(0);
      await expect(runVerify(fast, ['--only', 'quota'])).rejects.toThrow('confirmed on a terminal');
      await expect(runVerify(fast, ['--only', 'quota'], 'yes')).rejects.toThrow(
        'nothing was changed',
      );
      expect(await runVerify(fast, ['--only', 'quota'], 'quota')).toMatchObject({
        // Ten lookups are within a quota of 60.
        exitCode: 3,
        printed: expect.stringContaining('ten lookups at once did not spend the quota'),
      });
      expect(await keysInBuckets(fast)).toEqual([]);
    } finally {
      await fast.close();
    }
  },
  PATIENCE_MS,
);
