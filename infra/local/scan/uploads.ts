/** Scans files, which it uploads, and objects that are in S3 already. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { objectCreatedEvent } from '@local/cloud/events';
import { MAX_FILE_BYTES } from '../../../shared/virustotal/limits.ts';
import { execute, followExecution, type UploadedVersion } from './execution.ts';
import { readResult } from './read-result.ts';
import type { Target } from './read-target.ts';
import type { ScanResult } from './results.ts';
import { playbookArn, type ScanTools } from './scan-tools.ts';

/** An object in S3. */
export interface ListedObject {
  readonly bucket: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

/** Uploads a file, and follows the scan that the upload starts. */
export async function scanFile(
  tools: ScanTools,
  target: string,
  { path, size }: Extract<Target, { type: 'file' }>,
): Promise<ScanResult> {
  const problem = whyNotUploaded(size);
  if (problem !== null) {
    return { target, type: 'file', verdict: 'skipped', reason: problem, output: null };
  }
  const execution = await tools.finder.find(await upload(tools, path));
  const ended = await followExecution(tools.sfn, execution, (state) =>
    tools.onProgress(`${target}: ${state}`),
  );
  return readResult(target, 'file', ended);
}

/** Returns why a file of this size, in bytes, cannot be scanned; null if it can. */
function whyNotUploaded(size: number): string | null {
  if (size === 0) return 'the file is empty';
  if (size <= MAX_FILE_BYTES) return null;
  return `the file has ${size} bytes; VirusTotal takes at most ${MAX_FILE_BYTES} bytes (650 MiB)`;
}

/** Files may have the same name and be uploaded at the same time, so each gets a unique key. */
async function upload(
  { running, s3, onProgress }: ScanTools,
  path: string,
): Promise<UploadedVersion> {
  const bucket = running.outputs.UploadBucketName;
  const key = `scan/${randomUUID()}/${basename(path)}`;
  onProgress(`${path}: uploading to s3://${bucket}/${key}`);
  const params = { Bucket: bucket, Key: key, Body: createReadStream(path) };
  const { VersionId: versionId } = await new Upload({ client: s3, params }).done();
  return { key, versionId };
}

/**
 * Lists the objects below an `s3://` address.
 *
 * @throws Error when there are none
 */
export async function listObjects({ s3 }: ScanTools, address: string): Promise<ListedObject[]> {
  const [bucket = '', ...path] = address.slice('s3://'.length).split('/');
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: path.join('/') });
  const objects: ListedObject[] = [];
  for await (const { Contents = [] } of pages) {
    for (const { Key: key, Size: size = 0, ETag = '' } of Contents) {
      if (key !== undefined) objects.push({ bucket, key, size, etag: ETag.replaceAll('"', '') });
    }
  }
  if (objects.length === 0) throw new Error('no objects found');
  return objects;
}

/** Scans an object that is in S3 already. */
export async function scanObject(
  { running, sfn, onProgress }: ScanTools,
  target: string,
  object: ListedObject,
): Promise<ScanResult> {
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
  return readResult(target, 'object', ended);
}
