/** Bytes of objects, in temporary files: an object of 650 MiB never has to fit into memory. */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A run of bytes in a file. */
export interface Extent {
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** Bytes that were written. */
export interface StoredBytes extends Extent {
  /** Their MD5, quoted. */
  readonly etag: string;
}

/** Bytes per read. */
const CHUNK_BYTES = 128 * 1024;

/**
 * Creates a store in a new directory that carries the id of this process. Removes the directories
 * that killed processes have left behind.
 */
export async function openByteStore(): Promise<ByteStore> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = /^local-s3-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // Directories of other users cannot be removed, and are theirs to remove.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
  return new ByteStore(await mkdtemp(join(tmpdir(), `local-s3-${process.pid}-`)));
}

/** A directory of files. */
export class ByteStore {
  readonly #directory: string;
  /** Reads that are about to have their file open, which a removal waits for. */
  readonly #opening = new Set<Promise<FileHandle>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Path of a file that does not exist yet. */
  newFile(): string {
    return join(this.#directory, randomUUID());
  }

  /** Writes to a file from an offset on. Several writes to one file may run at once. */
  async write(
    file: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<StoredBytes> {
    const handle = await open(file, constants.O_CREAT | constants.O_WRONLY);
    const md5 = createHash('md5');
    let size = 0;
    async function* measured() {
      for await (const chunk of chunks) {
        md5.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    }
    await pipeline(measured, handle.createWriteStream({ start: offset }));
    return { offset, size, etag: `"${md5.digest('hex')}"` };
  }

  /** Reads runs of bytes of a file. A read that has begun goes on when the file is removed. */
  async read(file: string, extents: readonly Extent[]): Promise<Readable> {
    const opening = open(file);
    this.#opening.add(opening);
    const handle = await opening.finally(() => this.#opening.delete(opening));
    return Readable.from(chunksOf(handle, extents)).once('close', () => handle.close());
  }

  /**
   * Runs work that makes a file part of an object.
   *
   * @throws whatever the work throws, after it has removed the file
   */
  async removeOnFailure<T>(file: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.remove(file);
      throw error;
    }
  }

  /** Removes a file, if it exists. */
  async remove(file: string): Promise<void> {
    await Promise.allSettled(this.#opening);
    await rm(file, { force: true });
  }

  /** Removes all files. */
  async close(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function* chunksOf(handle: FileHandle, extents: readonly Extent[]): AsyncGenerator<Buffer> {
  for (const { offset, size } of extents) {
    for (let done = 0; done < size; ) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size - done));
      const { bytesRead } = await handle.read({ buffer, position: offset + done });
      if (bytesRead === 0) throw new Error('a file of the local S3 is shorter than its object');
      done += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
