/** Output of the local run: progress while it starts, then a line for each event. */
import { styleText } from 'node:util';
import { printable } from '../../command-line/printable.ts';

/** Where the local run prints. It escapes all text, since names of objects can contain anything. */
export interface Terminal {
  line(text?: string): void;
  /** Prints a line in bold. */
  heading(text: string): void;
  /** Prints the name of a step at once, and its duration when it is done. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Prints an event with the time of day. */
  event(kind: string, text: string, isBad?: boolean): void;
}

/** Width of the column of kinds, characters. */
const KIND_WIDTH = 8;

/**
 * Creates a terminal.
 *
 * @param write - receives the text
 * @param isColoured - whether to print styles, which a file must not contain
 * @param now - clock for events, epoch milliseconds
 * @param stopSignal - after it, steps have stopped rather than failed, and events are only the teardown's
 */
export function createTerminal(
  write: (text: string) => void,
  isColoured: boolean,
  now: () => number,
  stopSignal?: AbortSignal,
): Terminal {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    isColoured ? styleText(format, text, { validateStream: false }) : text;
  // Whether the last line printed is a step that has not ended.
  let isOpen = false;
  const ended = (name: string, how: string) => {
    write(isOpen ? `${how}\n` : `  ${printable(name)} ${how}\n`);
    isOpen = false;
  };
  return {
    line: (text = '') => write(`${printable(text)}\n`),
    heading: (text) => write(`${style('bold', printable(text))}\n`),
    async step(name, work) {
      write(`  ${printable(name)} ... `);
      isOpen = true;
      const startedAt = performance.now();
      try {
        const result = await work();
        ended(name, `${style('green', 'done')} (${secondsSince(startedAt)} s)`);
        return result;
      } catch (error) {
        ended(name, stopSignal?.aborted ? 'stopped' : style('red', 'failed'));
        throw error;
      }
    },
    event(kind, text, isBad = false) {
      if (stopSignal?.aborted) return;
      if (isOpen) write('\n');
      isOpen = false;
      const time = new Date(now()).toISOString().slice(11, 19);
      const label = style(isBad ? 'red' : 'cyan', kind.padEnd(KIND_WIDTH));
      write(`${style('dim', time)} ${label} ${printable(text)}\n`);
    },
  };
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}
