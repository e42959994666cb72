/** Streams one file as a multipart/form-data body of known length. */
import { randomBytes } from 'node:crypto';
import { UpstreamUnavailableError } from '../../errors.ts';

/** A file to send. */
export interface FileUpload {
  /** Neutral name that VirusTotal sees; never an S3 key. */
  readonly name: string;
  /** Length, bytes. */
  readonly size: number;
  /** Whether VirusTotal has just said that it does not know the file; submitting it then costs no quota. @default false */
  readonly isNew?: boolean;
  /** Called before the first byte is sent, once it is known where to; an error keeps the file from being sent. */
  prepare?(): Promise<void>;
  /** Opens the bytes from their start; called once the connection is established, and again after a refusal. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** A request body of known length. */
export interface RequestBody {
  readonly contentType: string;
  /** Length, bytes. */
  readonly size: number;
  /** The bytes, from their start. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Wraps a file into a multipart body with the one field `file`. */
export function multipartBody(file: FileUpload): RequestBody {
  const boundary = randomBytes(16).toString('hex');
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${neutral(file.name)}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: head.length + file.size + tail.length,
    async *chunks() {
      yield head;
      yield* exactly(await file.open(), file.size);
      yield tail;
    },
  };
}

/** Returns a name that cannot end the header that contains it. */
function neutral(name: string): string {
  return name.replace(/[^\w.-]/g, '_').slice(0, 255);
}

/** Breaks the request off if the file is shorter or longer than declared. */
async function* exactly(bytes: AsyncIterable<Uint8Array>, size: number) {
  let sent = 0;
  for await (const chunk of bytes) {
    sent += chunk.byteLength;
    if (sent > size) break;
    yield chunk;
  }
  if (sent !== size) {
    const got = sent > size ? `more than ${size}` : `${sent} of ${size}`;
    throw new UpstreamUnavailableError(`the file had ${got} bytes; the upload was aborted`);
  }
}
