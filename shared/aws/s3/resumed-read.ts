/** Reads a body of known length to its end, over several connections if need be; knows nothing of S3. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamUnavailableError } from '../../errors.ts';

/** How often a read resumes after an interruption. */
export const MAX_RESUMPTIONS = 3;

/** Wait before the first resumption; each further wait is longer by the same amount. Milliseconds. */
const PAUSE_MS = 100;

/** What a resumable read needs besides its first connection. */
export interface ResumableRead {
  /** Length of the whole body, bytes. */
  readonly size: number;
  /** Opens the rest after `from` bytes; undefined if the rest cannot be verified to be the same object. */
  readonly rest: ((from: number) => Promise<AsyncIterable<Uint8Array>>) | undefined;
  /** Translates the error that interrupted the read. */
  readonly explain: (error: unknown) => Error;
  /** Ends the read. */
  readonly signal: AbortSignal;
}

/**
 * Yields the bytes, each once and in order, with backpressure. If a connection breaks or ends early, the
 * next one resumes.
 *
 * @param first - the open connection; closed with the read, as are those that follow
 * @throws what `explain` makes of the last interruption, or of the failure to resume
 */
export async function* resumedRead(
  first: AsyncIterable<Uint8Array>,
  { size, rest, explain, signal }: ResumableRead,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let body = first;
  for (let resumptions = 0; ; resumptions += 1) {
    let interruption: unknown;
    try {
      for await (const chunk of body) {
        read += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      interruption = error;
    }
    if (read === size) return;
    interruption ??= new UpstreamUnavailableError(
      `S3 ended the object after ${read} of ${size} bytes; try again`,
    );
    if (!rest || signal.aborted || resumptions === MAX_RESUMPTIONS) throw explain(interruption);
    try {
      await sleep((resumptions + 1) * PAUSE_MS, undefined, { signal });
      body = await rest(read);
    } catch (error) {
      throw explain(error);
    }
  }
}
