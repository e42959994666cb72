/** Content of test objects. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Bytes that differ everywhere, so that a misplaced chunk is noticed. */
export function bytesOf(size: number): Buffer {
  const words = new Uint32Array(Math.ceil(size / 4)).map((_, at) => Math.imul(at, 2654435761));
  return Buffer.from(words.buffer, 0, size);
}

/** A stream whose chunks match no other boundaries. */
export function streamOf(bytes: Buffer): Readable {
  const chunks = Array.from({ length: Math.ceil(bytes.length / 70_001) }, (_, at) =>
    bytes.subarray(at * 70_001, (at + 1) * 70_001),
  );
  return Readable.from(chunks, { objectMode: false });
}

/** SHA-256 of bytes. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of an object's content. */
export async function digestOf(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return digest((await Body?.transformToByteArray()) ?? Buffer.alloc(0));
}

/** Matches errors with an HTTP status. */
export function httpStatus(httpStatusCode: number) {
  return { $metadata: { httpStatusCode } };
}
