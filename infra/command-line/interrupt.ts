/** Ends a command on a signal, and asks questions that a signal interrupts. */
import { createInterface } from 'node:readline/promises';

/** npm forwards Ctrl-C, which the terminal has sent already: that is one signal, not two. Milliseconds. */
const SAME_SIGNAL_MS = 1000;

/** Aborts on SIGINT, SIGTERM or SIGHUP. A second signal ends the process at once. */
export function createInterrupt(): AbortController {
  const interrupt = new AbortController();
  let abortedAt = Number.POSITIVE_INFINITY;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (performance.now() - abortedAt > SAME_SIGNAL_MS) process.exit(130);
      abortedAt = Math.min(abortedAt, performance.now());
      interrupt.abort();
    });
  }
  return interrupt;
}

/** Reads the answer to a question from the terminal. */
export async function ask(question: string, interrupt: AbortController): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on('SIGINT', () => interrupt.abort());
  try {
    return await lines.question(question, { signal: interrupt.signal });
  } finally {
    lines.close();
  }
}
