/** Vitest setup: shows the log lines of functions under test only when the test fails. */
import { afterAll, beforeEach } from 'vitest';

const { write } = process.stdout;
let held: string[] = [];

function hold(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
  if (typeof chunk !== 'string' || !chunk.startsWith('{"level":')) {
    return Reflect.apply(write, process.stdout, [chunk, ...rest]);
  }
  held.push(chunk);
  return true;
}

process.stdout.write = hold;

beforeEach(({ task, onTestFailed }) => {
  held = [];
  onTestFailed(() => {
    if (held.length > 0) write.call(process.stdout, `log of "${task.name}":\n${held.join('')}`);
  });
});

// Test files share a process.
afterAll(() => {
  process.stdout.write = write;
});
