/** Scans files, which it uploads. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Upload } from '@aws-sdk/lib-storage';
import { MAX_FILE_BYTES } from '../../../shared/virustotal/limits.ts';
import { followExecution, type UploadedVersion } from './execution.ts';
import { readResult } from './read-result.ts';
import type { Target } from './read-target.ts';
import type { ScanResult } from './results.ts';
import type { ScanTools } from './scan-tools.ts';

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
