import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkDirectory } from '../../../infra/local/work-directory.ts';
import { listen, portOf } from '../../support/listen.ts';

const command = join(import.meta.dirname, '../../../infra/local/outputs.ts');

let server: Server;
let directory: string;

beforeAll(async () => {
  server = await listen();
  directory = await createWorkDirectory();
  const apiUrl = `http://127.0.0.1:${portOf(server)}/v1`;
  const outputs = { UploadBucketName: 'the-bucket', ApiUrl: apiUrl, Odd: 'a\u001b[2Kb' };
  const addresses = JSON.stringify({ apiUrl, awsUrl: apiUrl, outputs });
  await writeFile(join(directory, 'running.json'), addresses);
});
afterAll(async () => {
  server.close();
  await rm(directory, { recursive: true, force: true });
});

/** Runs `npm run outputs` without npm, for this run: a developer's may be serving, too. */
async function outputsOf(...args: string[]) {
  const all = [command, '--port', String(portOf(server)), ...args];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, all)) };
  } catch (error) {
    return error;
  }
}

describe('npm run outputs', () => {
  test('prints all outputs, sorted', async () => {
    expect(await outputsOf()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^ApiUrl {12}http:\S+\nOdd {15}a\\u\{1b\}\[2Kb\nUploadBucketName {2}the-bucket\n$/,
      ),
    });
  });

  test('prints one value alone, for use in a command', async () => {
    expect(await outputsOf('UploadBucketName')).toEqual({
      code: 0,
      stdout: 'the-bucket\n',
      stderr: '',
    });
  });

  test.each([['Nonsense'], ['toString'], ['__proto__'], ['uploadbucketname'], ['']])(
    'lists the names that are allowed for %j',
    async (name) => {
      expect(await outputsOf(name)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(
          `got ${JSON.stringify(name)}; expected one of ApiUrl, Odd, UploadBucketName\n`,
        ),
      });
    },
  );

  test('takes one name only', async () => {
    expect(await outputsOf('ApiUrl', 'Odd')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('got 2 names; expected at most one'),
    });
  });
});
