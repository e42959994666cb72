/** Output of the local run: progress while it starts, then a line for each event. */
import { styleText } from 'node:util';

/** Where the local run prints. */
export interface Terminal {
  line(text?: string): void;
  /** Prints the name of a step at once, and its duration when it is done. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Prints an event with the time of day. */
  event(kind: string, text: string, isBad?: boolean): void;
  bold(text: string): string;
}

/** Width of the column of kinds, characters. */
const KIND_WIDTH = 8;

/**
 * Creates a terminal.
 *
 * @param write - receives the text
 * @param isColoured - whether to print styles, which a file must not contain
 * @param now - clock for events, epoch milliseconds
 */
export function createTerminal(
  write: (text: string) => void,
  isColoured: boolean,
  now: () => number,
): Terminal {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    isColoured ? styleText(format, text, { validateStream: false }) : text;
  // Whether the last line printed is a step that has not ended.
  let isOpen = false;
  const ended = (name: string, how: string) => {
    write(isOpen ? `${how}\n` : `  ${name} ${how}\n`);
    isOpen = false;
  };
  return {
    line: (text = '') => write(`${text}\n`),
    async step(name, work) {
      write(`  ${name} ... `);
      isOpen = true;
      const startedAt = performance.now();
      try {
        const result = await work();
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        ended(name, `${style('green', 'done')} (${seconds} s)`);
        return result;
      } catch (error) {
        ended(name, style('red', 'failed'));
        throw error;
      }
    },
    event(kind, text, isBad = false) {
      if (isOpen) write('\n');
      isOpen = false;
      const time = new Date(now()).toISOString().slice(11, 19);
      const label = style(isBad ? 'red' : 'cyan', kind.padEnd(KIND_WIDTH));
      write(`${style('dim', time)} ${label} ${text}\n`);
    },
    bold: (text) => style('bold', text),
  };
}
