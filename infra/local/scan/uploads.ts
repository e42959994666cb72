/** Scans files, which it uploads, and objects that are in S3 already. */
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { objectCreatedEvent } from '@local/cloud/events';
import { execute, findExecution, followExecution } from './execution.ts';
import { readResult } from './read-result.ts';
import type { ScanResult } from './results.ts';
import { playbookArn, type ScanTools } from './scan-tools.ts';

/** Most objects of one `s3://` address. */
const MAX_OBJECTS = 1000;
/** Scans of objects at the same time. */
const CONCURRENCY = 4;

/** An object in S3. */
interface ListedObject {
  readonly bucket: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

/** Uploads a file, and follows the scan that the upload starts. */
export async function scanFile(tools: ScanTools, path: string): Promise<ScanResult> {
  const { running, sfn, onProgress } = tools;
  if (statSync(path).isDirectory()) throw new Error('is a folder; give the files in it');
  const key = `scan/${Date.now()}-${basename(path)}`;
  onProgress(`${path}: uploading to s3://${running.outputs.UploadBucketName}/${key}`);
  await upload(tools, path, key);
  const execution = await findExecution(sfn, playbookArn(running, 'ScanUpload'), (input) =>
    input.includes(JSON.stringify(key)),
  );
  const ended = await followExecution(sfn, execution, (state) => onProgress(`${path}: ${state}`));
  return readResult(path, ended);
}

async function upload({ running, s3 }: ScanTools, path: string, key: string): Promise<void> {
  const params = { Bucket: running.outputs.UploadBucketName, Key: key };
  // A multipart upload of an empty stream has no parts, which S3 refuses.
  if (statSync(path).size === 0)
    await s3.send(new PutObjectCommand({ ...params, Body: '', ContentLength: 0 }));
  else await new Upload({ client: s3, params: { ...params, Body: createReadStream(path) } }).done();
}

/** Scans the objects below an `s3://` address. */
export async function scanObjects(tools: ScanTools, address: string): Promise<ScanResult[]> {
  const waiting = await listObjects(tools, address);
  if (waiting.length === 0) throw new Error('no objects found');
  const results: ScanResult[] = [];
  const worker = async () => {
    for (let object = waiting.shift(); object; object = waiting.shift()) {
      results.push(await scanObject(tools, object));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}

async function listObjects(
  { s3, onProgress }: ScanTools,
  address: string,
): Promise<ListedObject[]> {
  const [bucket = '', ...path] = address.slice('s3://'.length).split('/');
  const { Contents = [], IsTruncated } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: path.join('/'), MaxKeys: MAX_OBJECTS }),
  );
  if (IsTruncated) onProgress(`${address}: scanning only the first ${MAX_OBJECTS} objects`);
  return Contents.flatMap(({ Key: key, Size: size = 0, ETag = '' }) =>
    key === undefined ? [] : [{ bucket, key, size, etag: ETag.replaceAll('"', '') }],
  );
}

async function scanObject(
  { running, sfn, onProgress }: ScanTools,
  object: ListedObject,
): Promise<ScanResult> {
  const target = `s3://${object.bucket}/${object.key}`;
  const time = new Date();
  const event = objectCreatedEvent({
    ...object,
    versionId: undefined,
    sequencer: time.getTime().toString(16).toUpperCase(),
    reason: 'PutObject',
    requestId: 'scan',
    sourceIp: '127.0.0.1',
    time,
  });
  const ended = await execute(sfn, playbookArn(running, 'ScanUpload'), event, (state) =>
    onProgress(`${target}: ${state}`),
  );
  return readResult(target, ended);
}
