/** Keeps the addresses of the local run in a file, for other commands. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningStack } from '@local/cloud';
import * as z from 'zod/mini';

const file = join(import.meta.dirname, '../../.local/running.json');

const running = z.object({
  apiUrl: z.string(),
  awsUrl: z.string(),
  /** Outputs of the stack. */
  outputs: z.record(z.string(), z.string()),
});

/** Addresses of a local run. */
export type Running = z.infer<typeof running>;

/** No local run is serving. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** Writes the file; the latest start wins. */
export async function writeRunning({ apiUrl, awsUrl, stack }: RunningStack): Promise<void> {
  await writeFile(file, JSON.stringify({ apiUrl, awsUrl, outputs: stack.outputs }));
}

/** Removes the file, unless another run has replaced it. */
export async function removeRunning({ awsUrl }: RunningStack): Promise<void> {
  const current = await readRunning().catch(() => undefined);
  if (current?.awsUrl === awsUrl) await rm(file, { force: true });
}

/**
 * Reads the file.
 *
 * @throws NotRunningError
 */
export async function readRunning(): Promise<Running> {
  try {
    return running.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const message = 'no local run is serving; start one in another terminal with npm start';
    throw new NotRunningError(message, { cause });
  }
}
