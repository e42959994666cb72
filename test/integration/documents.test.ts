/**
 * Runs every command of the README and docs/verdict.md against the local run, in order, and compares the
 * answers that they show with the real ones.
 *
 * Skips the two commands that begin with `npm ci`: one runs this suite, and the gate runs the other. Also
 * skips blocks marked `sh aws`, which need an account or the AWS CLI (test/docs checks the outputs they
 * name).
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eicarBytes } from '@local/virustotal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRunning } from '../../infra/local/running.ts';
import { createWorkDirectory } from '../../infra/local/work-directory.ts';
import { type CodeBlock, codeBlocksOf, readText, root } from '../docs/markdown.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

/** A file that the README makes. */
const LARGE_FILE = join(root, 'large.iso');
const COMMAND_MS = 60_000;
/** Each poll starts a shell. */
const POLL_MS = 300;

/** The README comes first: it sets the variables that the other uses. */
const blocks = ['README.md', 'docs/verdict.md'].flatMap((path) => codeBlocksOf(readText(path)));
const isRun = ({ info, text }: CodeBlock) => info === 'sh' && !text.startsWith('npm ci');

/** Commands with the answer that the README shows below them, if it shows one. */
const commands = blocks.flatMap((block, index) => {
  if (!isRun(block)) return [];
  const next = blocks[index + 1];
  const shown = next?.info === 'json' && next.heading === block.heading ? next : undefined;
  return [{ name: block.text.split('\n')[0], text: block.text, shown }];
});

let running: TestStack;
let directory: string;
/** Where other commands find the addresses of this run. */
let workDirectory: string;

beforeAll(async () => {
  const environment = { VIRUSTOTAL_CACHE_HOURS: '24' };
  running = await startTestStack({ speed: 20, isTriggered: true, environment });
  directory = await mkdtemp(join(tmpdir(), 'readme-'));
  await writeFile(join(directory, 'state'), '');
  workDirectory = await createWorkDirectory();
  await writeRunning(workDirectory, running);
  // `npm start` has scanned it.
  await running.put('eicar.com', eicarBytes());
}, STARTUP_MS);
afterAll(async () => {
  await running?.close();
  await rm(LARGE_FILE, { force: true });
  await rm(workDirectory, { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
});

/**
 * Runs a block as a reader would, in a shell that remembers the variables of the blocks before. As in zsh,
 * a pattern that matches no file (`?details=summary` without quotes) is an error.
 */
async function run(block: string): Promise<string> {
  const state = join(directory, 'state');
  const here = block
    .replaceAll('http://127.0.0.1:3000/v1', running.apiUrl)
    .replaceAll('http://127.0.0.1:4566', running.awsUrl)
    // A local run of the developer may be serving, too.
    .replaceAll(
      /npm run (?:--silent )?(?:scan|outputs) --/g,
      `$& --port ${new URL(running.apiUrl).port}`,
    );
  const script = `. '${state}'\nset -ea\nshopt -s failglob\n${here}\nset +a\nexport -p > '${state}'`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: root });
  return stdout;
}

/** Runs a block until its answer is no longer that of work that goes on. */
async function answerOf(block: string): Promise<unknown> {
  for (;;) {
    const answer = JSON.parse(await run(block));
    if (answer.status !== 'running') return answer;
    await sleep(POLL_MS);
  }
}

/** Makes what differs between two runs the same: dates, epochs, ids; and digests, which the README cuts. */
function withoutVolatile(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'DATE')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/[0-9a-f]{64}|[0-9a-f]{4}\.\.\.[0-9a-f]{4}/g, 'DIGEST')
    .replace(/-\d{10}"/g, '-EPOCH"')
    .replace(/"\d{8}"/g, '"DAY"')
    // Of the quota, which depends on what the documents have done before, and on the stack.
    .replace(/"(allowed|used|left|kept|free_at|learnt_at|source)":(?:\d+|null|"\w+")/g, '"$1":0');
  return JSON.parse(text);
}

describe('the documents', () => {
  it('have commands and answers', () => {
    expect(commands.length).toBeGreaterThanOrEqual(12);
    expect(commands.flatMap(({ shown }) => shown ?? [])).toEqual(
      blocks.filter(({ info }) => info === 'json'),
    );
  });

  it.each(commands)(
    'run: $name',
    async ({ text, shown }) => {
      if (!shown) {
        await run(text);
        return;
      }
      const answer = withoutVolatile(await answerOf(text));
      const expected = withoutVolatile(JSON.parse(shown.text));
      // A shortened answer may leave out fields, and says so.
      if (shown.after.startsWith('Shortened')) expect(answer).toMatchObject(Object(expected));
      else expect(answer).toEqual(expected);
    },
    COMMAND_MS,
  );
});
