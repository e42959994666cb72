/** Synthesises the stack for the local run, in a process of its own. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../../..');

/** The stack cannot be synthesised; the message is what the CDK printed. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/**
 * Synthesises the stack, bundles included.
 *
 * @param outdir - the cloud assembly is written there; what was there is removed
 * @param context - CDK context
 * @param onLine - told each line that the CDK prints, for example `Bundling asset ...`
 * @throws SynthesisError
 */
export async function synthesise(
  outdir: string,
  context: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  const child = spawn(process.execPath, [join(root, 'infra/app.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const take = (line: string) => {
    lines.push(line);
    onLine(line);
  };
  createInterface(child.stdout).on('line', take);
  createInterface(child.stderr).on('line', take);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) {
    throw new SynthesisError(lines.join('\n') || `the synthesis ended with code ${code}`);
  }
}
