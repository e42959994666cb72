import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { runStack } from '../../src/stack/run-stack.ts';
import { writeHello } from './hello.ts';

const PACKAGE = join(import.meta.dirname, '../..');

let directory: string;
beforeEach(() => {
  directory = writeHello();
});
afterEach(() => rmSync(directory, { recursive: true }));

it('runs the example of the README', async () => {
  const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
  const [, example = ''] = /```ts\n(.+?)```/s.exec(readme) ?? [];
  const source = example.replace("'cdk.out'", JSON.stringify(directory));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', source],
    { cwd: PACKAGE },
  );
  expect(stdout).toBe('200 hello\n');
});

it('creates the external resources', async () => {
  const stack = await runStack({
    directory,
    clock: createClock(),
    apiPort: 0,
    awsPort: 0,
    external: ({ functions }) => ({
      secrets: [],
      buckets: functions.map(({ logicalId }) => logicalId.toLowerCase()),
      buses: [],
    }),
  });
  const credential = 'Credential=local/20260101/us-east-1/s3/aws4_request';
  const headers = { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=, Signature=` };
  const statusOf = async (bucket: string) =>
    (await fetch(`${stack.awsUrl}/${bucket}?list-type=2`, { headers })).status;
  expect([await statusOf('hello'), await statusOf('other')]).toEqual([200, 404]);
  await stack.close();
});
