/** Where the local run serves, kept in a file for the other commands. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningStack } from '@local/cloud';
import * as z from 'zod/mini';

const file = join(import.meta.dirname, '../../../.local/running.json');

const running = z.object({
  apiUrl: z.string(),
  awsUrl: z.string(),
  /** Outputs of the stack. */
  outputs: z.record(z.string(), z.string()),
});

/** Where a local run serves. */
export type Running = z.infer<typeof running>;

/** No local run is there. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** Keeps where it serves; the latest start wins. */
export async function keepRunning({ apiUrl, awsUrl, stack }: RunningStack): Promise<void> {
  await writeFile(file, JSON.stringify({ apiUrl, awsUrl, outputs: stack.outputs }));
}

/** Forgets it, unless another run has started meanwhile. */
export async function forgetRunning({ awsUrl }: RunningStack): Promise<void> {
  const kept = await findRunning().catch(() => undefined);
  if (kept?.awsUrl === awsUrl) await rm(file, { force: true });
}

/**
 * Finds the local run.
 *
 * @throws NotRunningError
 */
export async function findRunning(): Promise<Running> {
  try {
    return running.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const message = 'there is no local run; start it in another terminal: npm start';
    throw new NotRunningError(message, { cause });
  }
}
