/** Keeps the addresses of each local run in its work directory, for other commands. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import type { RunningStack } from '@local/cloud';
import * as z from 'zod/mini';
import { UsageError } from '../command-line/usage-error.ts';
import { liveWorkDirectories } from './work-directory.ts';

const FILE = 'running.json';

const running = z.object({
  apiUrl: z.string(),
  awsUrl: z.string(),
  /** Whether requests to the API have to be signed. */
  isSigned: z._default(z.boolean(), false),
  /** Outputs of the stack. */
  outputs: z.record(z.string(), z.string()),
});

/** Addresses of a local run. */
export type Running = z.infer<typeof running>;

/** No local run is serving. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/**
 * Writes the addresses of this run.
 *
 * @param directory - its work directory
 */
export async function writeRunning(
  directory: string,
  {
    apiUrl,
    awsUrl,
    stack,
    isSigned = false,
  }: Pick<RunningStack, 'apiUrl' | 'awsUrl' | 'stack'> & { readonly isSigned?: boolean },
): Promise<void> {
  await writeFile(
    join(directory, FILE),
    JSON.stringify({ apiUrl, awsUrl, isSigned, outputs: stack.outputs }),
  );
}

/**
 * Finds the local run that serves.
 *
 * @param port - port of its API, if there may be several
 * @param parent - where the runs have their work directories
 * @param pid - of its process, if there may be several
 * @throws NotRunningError when none serves, or none with this port
 * @throws UsageError when several serve and no port is given
 */
export async function findRunning(port?: number, parent?: string, pid?: number): Promise<Running> {
  const directories = (await liveWorkDirectories(parent)).filter(
    (directory) => pid === undefined || basename(directory).startsWith(`run-${pid}-`),
  );
  const found = (await Promise.all(directories.map(readServing))).flatMap((run) => run ?? []);
  const ports = found.map(apiPort);
  const matching = found.filter((run) => port === undefined || apiPort(run) === port);
  const [first, second] = matching;
  if (second !== undefined) {
    throw new UsageError(
      `${found.length} local runs are serving, on ports ${ports.join(', ')}; choose one with --port`,
    );
  }
  if (first !== undefined) return first;
  if (ports.length > 0) {
    throw new NotRunningError(
      `no local run is serving on port ${port}; one is on port ${ports.join(', ')}`,
    );
  }
  throw new NotRunningError(
    directories.length > 0
      ? 'there is no local run yet; one is starting, so try again when it serves'
      : 'there is no local run; start one in another terminal with npm start',
  );
}

const apiPort = ({ apiUrl }: Running) => Number(new URL(apiUrl).port);

/** Returns the addresses in a directory; undefined if nothing serves there. */
async function readServing(directory: string): Promise<Running | undefined> {
  try {
    const addresses = running.parse(JSON.parse(await readFile(join(directory, FILE), 'utf8')));
    return (await accepts(apiPort(addresses))) ? addresses : undefined;
  } catch {
    // It is starting or ending.
    return undefined;
  }
}

/** The process id alone may be another program's by now. */
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
