/** Changes of a deployment that are undone. */
import type { CheckContext } from './context.ts';

/** A change. */
export interface Change {
  /** Undoes it by hand, if this process is killed. */
  readonly command: string;
  readonly make: () => Promise<unknown>;
  readonly undo: () => Promise<unknown>;
}

/** Works while something is changed, and undoes it, also after a failure or an interruption. */
export async function whileChanged<T>(
  { progress }: CheckContext,
  { command, make, undo }: Change,
  work: () => Promise<T>,
): Promise<T> {
  progress(`if this is killed, undo it with: ${command}`);
  try {
    await make();
    return await work();
  } finally {
    await undo();
    progress('undone');
  }
}

/** Why checks that change a deployment do not apply to a local run. */
export function changesOnlyAws({ target }: CheckContext): string | undefined {
  return target.local ? 'the local run does not serve what it changes' : undefined;
}
