/** Runs `cdk destroy`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TeardownError } from './stack-resources.ts';

/** The stack and how to delete it. */
export interface DestroyOptions {
  readonly stack: string;
  readonly region: string;
  readonly profile: string | undefined;
  /** Command; name and options follow. */
  readonly destroyCommand: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Deletes the stack in a child process, which shares the terminal.
 *
 * @throws TeardownError if it fails
 */
export async function destroyStack(options: DestroyOptions): Promise<void> {
  const { stack, region, profile, signal } = options;
  const [command = '', ...first] = options.destroyCommand;
  const args = [...first, stack, '--force', ...(profile ? ['--profile', profile] : [])];
  const child = spawn(command, args, {
    stdio: 'inherit',
    // `cdk` has no option for the Region.
    env: { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region },
    signal,
    killSignal: 'SIGTERM',
  });
  const [code, by] = await once(child, 'exit');
  if (code === 0) return;
  const end = by === null ? `exit code ${code}` : `signal ${by}`;
  throw new TeardownError(`${[command, ...args].join(' ')} ended with ${end}`);
}
