/** Finds the local run for `npm run verify -- --local`, or starts one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenedLocalRun, OpenLocalRun } from '../../verify/command.ts';
import { localSigning } from '../api-fetch.ts';
import { findRunning, NotRunningError, type Running } from '../running.ts';
import { portOf } from '../scan/options.ts';

/** A synthesis on a busy machine takes a minute, milliseconds. */
const START_PATIENCE_MS = 180_000;
const POLL_MS = 200;

/** The local run could not be started; the message is what it printed. */
export class LocalRunError extends Error {
  override readonly name = 'LocalRunError';
}

/** Uses the local run that serves; starts one, with signatures and roles checked, if none does. */
export const openLocalRun: OpenLocalRun = async ({ port }, progress, signal) => {
  try {
    return { ...localRun(await findRunning(portOf(port))), close: async () => undefined };
  } catch (error) {
    if (!(error instanceof NotRunningError) || port !== undefined) throw error;
  }
  progress('starting a local run (npm start -- --sign)');
  return startLocalRun(signal);
};

function localRun({ apiUrl, awsUrl, isSigned }: Running) {
  return { apiUrl, awsUrl, signs: isSigned, credentials: localSigning.credentials };
}

async function startLocalRun(signal: AbortSignal): Promise<OpenedLocalRun> {
  const args = ['--sign', '--port', '0', '--aws-port', '0'];
  const child = spawn(process.execPath, [join(import.meta.dirname, '../start.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The command's own Ctrl-C must not end the local run before the objects are removed.
    detached: true,
    // It then ends when this process ends, however that happens.
    env: { ...process.env, npm_lifecycle_event: 'verify' },
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    const running = await waitUntilServing(child, signal);
    return { ...localRun(running), close };
  } catch (error) {
    await close();
    if (signal.aborted) throw error;
    throw new LocalRunError(`the local run did not start:\n${(await output).join('').trim()}`);
  }
}

async function waitUntilServing(child: ChildProcess, signal: AbortSignal): Promise<Running> {
  const giveUpAt = Date.now() + START_PATIENCE_MS;
  while (child.exitCode === null && Date.now() < giveUpAt) {
    const running = await findRunning(undefined, undefined, child.pid).catch(() => undefined);
    if (running) return running;
    await sleep(POLL_MS, undefined, { signal });
  }
  throw new Error('it does not serve');
}
