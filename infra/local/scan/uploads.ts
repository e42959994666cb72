/** Scans of files and of objects that are in S3 already. */
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { objectCreatedEvent } from '@local/cloud/events';
import { execute, executionOf, follow } from './execution.ts';
import { readResult } from './read-result.ts';
import type { ScanResult } from './results.ts';
import { machineOf, type ScanTools } from './scan-all.ts';

/** Objects of one address at most, and how many are scanned at once. */
const MOST_OBJECTS = 1000;
const AT_ONCE = 4;

/** Puts a file into the upload bucket, and follows the scan which that starts. */
export async function scanFile(tools: ScanTools, path: string): Promise<ScanResult> {
  const { running, s3, sfn, say } = tools;
  const bucket = running.outputs.UploadBucketName;
  if (statSync(path).isDirectory()) throw new Error('it is a folder: give its files');
  const key = `scan/${Date.now()}-${basename(path)}`;
  say(`${path}: uploading to s3://${bucket}/${key}`);
  const params = { Bucket: bucket, Key: key, Body: createReadStream(path) };
  // The SDK sends a stream of known length in one request only when it is told the length.
  const { size } = statSync(path);
  if (size === 0) await s3.send(new PutObjectCommand({ ...params, Body: '' }));
  else await new Upload({ client: s3, params }).done();
  const machine = machineOf(running, 'ScanUpload');
  const execution = await executionOf(sfn, machine, (input) => input.includes(JSON.stringify(key)));
  const ended = await follow(sfn, execution, (state) => say(`${path}: ${state}`));
  return readResult(path, ended);
}

/** Scans the objects below an address. */
export async function scanObjects(tools: ScanTools, address: string): Promise<ScanResult[]> {
  const [bucket = '', ...path] = address.slice('s3://'.length).split('/');
  const prefix = path.join('/');
  const listed = await tools.s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: MOST_OBJECTS }),
  );
  const objects = (listed.Contents ?? []).flatMap(({ Key, Size, ETag }) =>
    Key === undefined
      ? []
      : [{ key: Key, size: Size ?? 0, etag: (ETag ?? '').replaceAll('"', '') }],
  );
  if (objects.length === 0) throw new Error('there are no objects');
  if (listed.IsTruncated) tools.say(`${address}: only the first ${MOST_OBJECTS} objects`);
  const waiting = [...objects];
  const results: ScanResult[] = [];
  const worker = async () => {
    for (let object = waiting.shift(); object; object = waiting.shift()) {
      results.push(await scanObject(tools, bucket, object));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function scanObject(
  { running, sfn, say }: ScanTools,
  bucket: string,
  { key, size, etag }: { key: string; size: number; etag: string },
): Promise<ScanResult> {
  const target = `s3://${bucket}/${key}`;
  const time = new Date();
  const event = objectCreatedEvent({
    bucket,
    key,
    size,
    etag,
    versionId: undefined,
    sequencer: time.getTime().toString(16).toUpperCase(),
    reason: 'PutObject',
    requestId: 'scan',
    sourceIp: '127.0.0.1',
    time,
  });
  const ended = await execute(sfn, machineOf(running, 'ScanUpload'), event, (state) =>
    say(`${target}: ${state}`),
  );
  return readResult(target, ended);
}
