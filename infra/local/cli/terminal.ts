/** What the local run prints: progress while it starts, then a line for everything that happens. */
import { styleText } from 'node:util';

/** Where text goes; a terminal gets colours, a file does not. */
export interface Terminal {
  /** A line. */
  line(text?: string): void;
  /** A step of the start that takes a while: its name at once, its time when it is done. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A line about something that happened, with the time of day. */
  event(kind: string, text: string, isBad?: boolean): void;
  bold(text: string): string;
}

/** Widest kind, characters: what follows is aligned. */
const KIND_WIDTH = 8;

/**
 * Makes a terminal.
 *
 * @param write - takes text, usually that of standard output
 * @param isColoured - whether it shows styles
 * @param now - clock of the events, epoch milliseconds
 */
export function createTerminal(
  write: (text: string) => void,
  isColoured: boolean,
  now: () => number,
): Terminal {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    isColoured ? styleText(format, text, { validateStream: false }) : text;
  // Whether the cursor stands behind the name of a step that is not done.
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
