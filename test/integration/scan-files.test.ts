/** `npm run scan` of many files with one name, through the deployed bundles: each gets its own verdict. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seen } from '@local/virustotal';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exitCodeOf } from '../../infra/local/scan/results.ts';
import { scanAll } from '../../infra/local/scan/scan-all.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const FILES = 30;
const MALICIOUS = 17;
/** The simulator calls content with this text malicious. */
const MARKER = 'simulated-malware';
const SCAN_MS = 200_000;

let running: TestStack;
let directory: string;

beforeAll(async () => {
  running = await startTestStack({ speed: 50, isTriggered: true });
  directory = await mkdtemp(join(tmpdir(), 'scan-'));
}, STARTUP_MS);
afterAll(async () => {
  await running?.close();
  await rm(directory, { recursive: true, force: true });
});

const contentOf = (index: number) =>
  `exports.n = ${index};${index === MALICIOUS ? ` // ${MARKER}` : ''}\n`;

/** @returns the paths of files `index.js`, each in its own folder */
async function writeFiles(): Promise<string[]> {
  return await Promise.all(
    Array.from({ length: FILES }, async (_, index) => {
      const folder = join(directory, `package-${index}`);
      await mkdir(folder);
      const path = join(folder, 'index.js');
      await writeFile(path, contentOf(index));
      return path;
    }),
  );
}

it(
  'finds the one malicious file among 30 of the same name',
  async () => {
    const paths = await writeFiles();
    const progress: string[] = [];
    const { apiUrl, awsUrl, stack } = running;

    const results = await scanAll(
      { apiUrl, awsUrl, isSigned: false, outputs: stack.outputs },
      paths,
      (line) => progress.push(line),
    );

    expect(results.map(({ target }) => target)).toEqual(paths);
    expect(results.map(({ verdict }) => verdict)).toEqual(
      paths.map((_, index) => (index === MALICIOUS ? 'malicious' : 'clean')),
    );
    // Each result is that of the file's own content.
    expect(results.map(({ output }) => JSON.stringify(output))).toEqual(
      paths.map((_, index) => expect.stringContaining(seen(Buffer.from(contentOf(index))).sha256)),
    );
    expect(exitCodeOf(results)).toBe(10);
    const keys = progress.flatMap((line) => /uploading to (s3:\S+)/.exec(line)?.[1] ?? []);
    expect(keys).toHaveLength(FILES);
    expect(new Set(keys).size).toBe(FILES);
  },
  SCAN_MS,
);

it(
  'lists the verdicts of objects that have one, and names an address that cannot be scanned',
  async () => {
    const { apiUrl, awsUrl, stack, bucket } = running;
    const scan = (...targets: string[]) =>
      scanAll({ apiUrl, awsUrl, isSigned: false, outputs: stack.outputs }, targets, () => {});

    // The files of the test above.
    const swept = await scan(`s3://${bucket}/scan/`);
    const verdicts = swept.map(({ type, verdict }) => `${type} ${verdict}`).sort();
    expect(verdicts).toEqual([...Array(FILES - 1).fill('object clean'), 'object malicious']);
    expect(new Set(swept.map(({ reason }) => reason))).toEqual(
      new Set(['it had a verdict already']),
    );

    expect(exitCodeOf(swept)).toBe(10);

    const others = await scan(`s3://${bucket}/nothing/`, 's3://another-bucket/');
    expect(others).toMatchObject([
      { verdict: 'failed', reason: expect.stringContaining('no objects found') },
      { verdict: 'failed', reason: expect.stringMatching(/^ObjectNotFoundError: /) },
    ]);
  },
  SCAN_MS,
);
