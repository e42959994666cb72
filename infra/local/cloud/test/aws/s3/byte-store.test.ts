import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openByteStore } from '../../../src/aws/s3/byte-store.ts';
import { bytesOf } from '../../support/content.ts';
import { startLocalAws } from '../../support/local-aws.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'byte-store-test-'));
  vi.stubEnv('TMPDIR', directory);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

/** Number of files in all stores. */
async function fileCount(): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

test('removes its files when closed, and those of killed processes when opened', async () => {
  const [killed, running] = [2 ** 31 - 1, process.ppid].map((pid) => `local-s3-${pid}-x`);
  for (const name of [killed, running]) await mkdir(join(directory, String(name)));
  await writeFile(join(directory, String(killed), 'left'), 'behind');
  const bytes = await openByteStore();
  await bytes.write(bytes.newFile(), 0, Readable.from([Buffer.from('x')]));
  expect(await fileCount()).toBe(1);
  await bytes.close();
  expect(await readdir(directory)).toEqual([running]);
  await rm(join(directory, String(running)), { recursive: true });
});

test('writes runs of bytes concurrently, and reads them in any order', async () => {
  const bytes = await openByteStore();
  const file = bytes.newFile();
  const content = bytesOf(3_000_000);
  const [first, second] = await Promise.all([
    bytes.write(file, 0, Readable.from([content.subarray(0, 1_000_000)])),
    bytes.write(file, 1_000_000, Readable.from([content.subarray(1_000_000)])),
  ]);
  expect(content.equals(await buffer(await bytes.read(file, [first, second])))).toBe(true);
  const swapped = Buffer.concat([content.subarray(1_000_000), content.subarray(0, 1_000_000)]);
  expect(swapped.equals(await buffer(await bytes.read(file, [second, first])))).toBe(true);
  await bytes.close();
});

test('finishes a read whose file is removed', async () => {
  const bytes = await openByteStore();
  const file = bytes.newFile();
  const content = bytesOf(3_000_000);
  const stored = await bytes.write(file, 0, Readable.from([content]));
  const reading = bytes.read(file, [stored]);
  await bytes.remove(file);
  expect(await fileCount()).toBe(0);
  expect(content.equals(await buffer(await reading))).toBe(true);
  await bytes.close();
});

test('S3 keeps files only for versions and uploads that exist', async () => {
  const { s3, close } = await startLocalAws();
  const target = { Bucket: 'plain', Key: 'k' };
  const put = (more: object = {}) =>
    s3.send(new PutObjectCommand({ ...target, Body: 'x', ...more }));
  await put();
  await put();
  expect(await fileCount()).toBe(1);
  await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(put({ ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });
  expect(await fileCount()).toBe(1);
  await s3.send(new CopyObjectCommand({ ...target, Key: 'copy', CopySource: 'plain/k' }));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'part' }));
  expect(await fileCount()).toBe(3);
  await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
  await s3.send(new DeleteObjectCommand(target));
  expect(await fileCount()).toBe(1);
  await close();
  expect(await readdir(directory)).toEqual([]);
});
