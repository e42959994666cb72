/** Stops `npm start` in the ways in which a terminal, a supervisor or a user does. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const PATIENCE = { timeout: 60_000, interval: 100 };

let npm: ChildProcess | undefined;
let output = '';

afterEach(() => {
  // Ends the group of a test that failed.
  if (npm?.pid !== undefined) tryKill(-npm.pid);
});

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Starts a new process group, so that a signal to npm reaches only npm. */
function start(): ChildProcess & { readonly pid: number } {
  const started = spawn('npm', ['start', '--', '--port', '0', '--aws-port', '0'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = started;
  if (pid === undefined) throw new Error('npm did not start');
  npm = started;
  output = '';
  started.stdout.on('data', (chunk) => {
    output += chunk;
  });
  started.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return Object.assign(started, { pid });
}

/** Children of a process, their children, and so on. */
function descendantsOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    rows.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function expectAllGone(pids: readonly number[], ports: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), PATIENCE).toEqual([]);
  for (const port of ports) expect(await accepts(port)).toBe(false);
}

describe('npm start', { timeout: 150_000 }, () => {
  test('leaves no process and no port behind when npm gets SIGTERM', async () => {
    const { pid } = start();
    // The upload has started functions by then.
    await expect.poll(() => output, PATIENCE).toContain('SubmitFile ok');
    const ports = [...output.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) =>
      Number(port),
    );
    const open = [...new Set(ports)];
    const pids = descendantsOf(pid);
    expect(open).toHaveLength(3);
    expect(pids.length).toBeGreaterThan(1);

    process.kill(pid, 'SIGTERM');

    await expectAllGone([pid, ...pids], open);
  });

  // npm forwards SIGTERM; the others end it before it can.
  test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'leaves no process behind when npm gets %s during the synthesis',
    async (signal) => {
      const { pid } = start();
      await expect.poll(() => output, PATIENCE).toContain('synthesise the stack ...');
      await expect.poll(() => descendantsOf(pid).length, PATIENCE).toBeGreaterThan(1);
      const pids = descendantsOf(pid);

      process.kill(pid, signal);

      await expectAllGone([pid, ...pids], []);
      expect(output).not.toContain('Error');
    },
  );
});
