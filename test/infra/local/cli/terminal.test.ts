import { describe, expect, test } from 'vitest';
import { createPrintingListener } from '../../../../infra/local/cli/listener.ts';
import { createTerminal } from '../../../../infra/local/cli/terminal.ts';

/** Everything that a terminal could obey, or that reorders or hides text, except the end of a line. */
const OBEYED = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const MIDNIGHT = 0;

function open(isColoured = false, stopSignal?: AbortSignal) {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const terminal = createTerminal(write, isColoured, () => MIDNIGHT, stopSignal);
  return { terminal, text: () => written.join('') };
}

const created = {
  bucket: 'b',
  size: 3,
  etag: 'e',
  versionId: 'v',
  sequencer: '1',
  reason: 'PutObject',
  requestId: 'r',
  sourceIp: '127.0.0.1',
  time: new Date(MIDNIGHT),
} as const;

const marks = {
  'a line feed': '\n',
  'CR and LF': '\r\n',
  'a carriage return': '\r',
  'a cursor movement': '\u001b[1A\u001b[2K',
  'an 8-bit control sequence': '\u009b2J',
  'a window title': '\u001b]0;title\u0007',
  backspaces: '\b\b\b',
  'a right-to-left override': '\u202e',
  'a bidi isolate': '\u2066',
  'a line separator': '\u2028',
  'a paragraph separator': '\u2029',
  'a next line': '\u0085',
  'a vertical tab': '\v',
  'a zero-width space': '\u200b',
  'a tag character': '\u{e0041}',
  'a lone surrogate': '\ud800',
};

describe('an event', () => {
  test.each(Object.entries(marks))('is one line of plain text: %s', (_name, mark) => {
    const { terminal, text } = open();
    const listener = createPrintingListener(terminal);
    const forged = `00:00:00 lambda   FileReputation ok (1 ms)`;

    listener.onObjectCreated?.({ ...created, key: `a${mark}${forged}${mark}.exe` });

    const [line = '', rest] = text().split('\n');
    expect(rest).toBe('');
    expect(text().match(/\n/g)).toHaveLength(1);
    expect(line).toMatch(/^00:00:00 s3 {7}s3:\/\/b\/a\\u\{[0-9a-f]+\}.*\.exe \(3 bytes\)$/);
    expect(line).not.toMatch(OBEYED);
  });

  test('keeps names in other scripts, and its own colours', () => {
    const { terminal, text } = open(true);
    terminal.event('s3', 's3://b/Rechnung für 日本 ✓.pdf \u001b[31m');
    expect(text()).toContain('Rechnung für 日本 ✓.pdf \\u{1b}[31m\n');
    expect(text()).toContain('\u001b[36ms3');
  });
});

describe('text', () => {
  test.each(['line', 'heading'] as const)('is one line of plain text: %s', (method) => {
    const { terminal, text } = open();
    terminal[method](`a${Object.values(marks).join('')}b`);
    expect(text()).toMatch(/^a.*b\n$/);
    expect(text().slice(0, -1)).not.toMatch(OBEYED);
  });
});

describe('a step', () => {
  const failing = async () => {
    throw new Error('broken');
  };

  test.each([
    ['failed', false],
    ['stopped', true],
  ] as const)('has %s when it ends with an error and stopped is %j', async (how, isStopped) => {
    const signal = isStopped ? AbortSignal.abort() : new AbortController().signal;
    const { terminal, text } = open(false, signal);
    await expect(terminal.step('synthesise', failing)).rejects.toThrow('broken');
    expect(text()).toBe(`  synthesise ... ${how}\n`);
  });

  test('has a name of plain text', async () => {
    const { terminal, text } = open();
    await terminal.step(`a${Object.values(marks).join('')}b`, async () => {});
    expect(text()).toMatch(/^ {2}a.*b \.\.\. done \(\d\.\d s\)\n$/);
    expect(text().slice(0, -1)).not.toMatch(OBEYED);
  });

  test('is done, also when an event interrupts its line', async () => {
    const { terminal, text } = open();
    await terminal.step('synthesise', async () => terminal.event('api', 'GET / 200'));
    expect(text()).toMatch(
      /^ {2}synthesise \.\.\. \n00:00:00 api {6}GET \/ 200\n {2}synthesise done \(\d\.\d s\)\n$/,
    );
  });
});
