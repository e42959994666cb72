/** Runs the checks of `npm run verify` against a stack of a test. */
import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { localClientOptions } from '@local/cloud';
import { localSigning } from '../../infra/local/api-fetch.ts';
import { parseVerifyOptions } from '../../infra/verify/options.ts';
import { verify } from '../../infra/verify/verify.ts';
import type { TestStack } from './running-stack.ts';

/** What a run gave. */
export interface VerifyRun {
  readonly exitCode: number;
  readonly printed: string;
  readonly progress: readonly string[];
}

/** Runs it in this process, without a watchdog. */
export async function runVerify(
  running: TestStack,
  args: readonly string[] = [],
  answer?: string,
): Promise<VerifyRun> {
  const options = parseVerifyOptions(['--local', ...args]);
  if (typeof options === 'string') throw new Error(`${args} asks for ${options}`);
  const printed: string[] = [];
  const progress: string[] = [];
  const { apiUrl, awsUrl } = running;
  const local = { apiUrl, awsUrl, signs: true, credentials: localSigning.credentials };
  const exitCode = await verify(
    options,
    { stack: running.stack.stackName, local },
    {
      print: (text) => printed.push(text),
      progress: (text) => progress.push(text),
      width: 200,
      signal: new AbortController().signal,
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      ask: answer === undefined ? undefined : async () => answer,
      guard: { note: async () => undefined, end: async () => undefined },
    },
  );
  return { exitCode, printed: printed.join('\n'), progress };
}

/** Keys of all object versions and delete markers in the stack's buckets. */
export async function keysInBuckets({ awsUrl, stack }: TestStack): Promise<string[]> {
  const s3 = new S3Client({ ...localClientOptions(awsUrl), forcePathStyle: true });
  const { UploadBucketName, ReportBucketName } = stack.outputs;
  const keys: string[] = [];
  for (const Bucket of [UploadBucketName, ReportBucketName]) {
    const { Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    keys.push(...[...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key));
  }
  s3.destroy();
  return keys;
}
