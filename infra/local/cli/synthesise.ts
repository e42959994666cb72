/** Synthesises the stack for the local run, in a child process: the CDK's memory goes when it ends. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '../../..');

/** The stack cannot be synthesised; the message is what the CDK printed. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/**
 * Synthesises the stack with its bundles.
 *
 * @param outdir - receives the cloud assembly; its current content is removed
 * @param context - CDK context
 * @param signal - kills the child process
 * @throws SynthesisError
 */
export async function synthesise(
  outdir: string,
  context: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  const child = spawn(process.execPath, [join(root, 'infra/app.ts')], {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // The CDK's own rules take half of a synthesis; `npm run synth` and `cdk deploy` check them.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const [code, ...output] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) {
    throw new SynthesisError(output.join('').trim() || `the CDK ended with exit code ${code}`);
  }
}
