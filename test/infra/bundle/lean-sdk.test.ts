/** What the bundled SDK still says of an error whose class is left out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withoutErrorClasses } from '../../../infra/bundle/lean-sdk.ts';
import { bundleOptions } from '../../../infra/bundle/options.ts';
import { awsFailure } from '../../../shared/aws/aws-errors.ts';
import { bytes, startUpstream } from '../../support/upstream-server.ts';

const directory = mkdtempSync(join(tmpdir(), 'lean-sdk-'));
afterAll(() => rmSync(directory, { recursive: true }));

const calls = `
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const options = (endpoint) => ({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
export const call = {
  s3: (url) => new S3Client({ ...options(url), forcePathStyle: true }).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
  sfn: (url) => new SFNClient(options(url)).send(new StartExecutionCommand({ stateMachineArn: 'arn' })),
  sqs: (url) => new SQSClient(options(url)).send(new GetQueueUrlCommand({ QueueName: 'q' })),
};
`;

let call: Record<'s3' | 'sfn' | 'sqs', (url: string) => Promise<unknown>>;

beforeAll(async () => {
  const file = join(directory, 'calls.mjs');
  const {
    entryPoints: _,
    outdir: __,
    outExtension: ___,
    ...options
  } = bundleOptions({}, directory);
  const stdin = { contents: calls, resolveDir: import.meta.dirname };
  await build({ ...options, stdin, outfile: file, sourcemap: false });
  ({ call } = await import(file));
});

describe('an error of AWS, whose class is not in the bundle,', () => {
  test.each([
    ['s3', 404, 'NoSuchKey', '<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>'],
    ['sfn', 400, 'ExecutionAlreadyExists', { __type: 'ExecutionAlreadyExists', message: 'gone' }],
    [
      'sqs',
      400,
      'QueueDoesNotExist',
      { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'gone' },
    ],
  ] as const)('keeps its name, message and status: %s', async (service, status, name, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    await using aws = await startUpstream();
    aws.script(bytes(status, text));
    const error: unknown = await call[service](aws.url).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name, message: 'gone' });
    expect(awsFailure(error)).toEqual({ code: name, status, isTransient: false });
    expect(Object(error).constructor.name).not.toBe(name);
  });
});

test('the class of all errors of a client stays registered', () => {
  const base = '_s_registry.registerError(SFNServiceException$, SFNServiceException);\n';
  const other = 'n0_registry.registerError(InvalidName$, InvalidName);\n';
  expect(withoutErrorClasses(base + other)).toBe(`${base}\n`);
});
