/** Vitest setup: shows the log lines of functions under test only when the test fails. */
import { beforeEach } from 'vitest';

const write = process.stdout.write.bind(process.stdout);
let held: string[] = [];

process.stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
  if (typeof chunk !== 'string' || !chunk.startsWith('{"level":')) {
    return Reflect.apply(write, process.stdout, [chunk, ...rest]);
  }
  held.push(chunk);
  return true;
};

beforeEach(({ task, onTestFailed }) => {
  held = [];
  onTestFailed(() => {
    if (held.length > 0) write(`log of "${task.name}":\n${held.join('')}`);
  });
});
