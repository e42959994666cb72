/** Reads a body of known length to its end, over as many connections as that takes; knows nothing of S3. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamUnavailableError } from '../../errors.ts';

/** How often one reading goes on where it broke. */
export const MAX_RESUMPTIONS = 3;

/** Wait before the first resumption; before each further one as much more. Milliseconds. */
const PAUSE_MS = 100;

/** What a reading needs besides its first connection. */
export interface ResumableRead {
  /** Length of the whole, bytes. */
  readonly size: number;
  /** Opens what follows the first `from` bytes; undefined: nobody could tell whether it is the same. */
  readonly rest: ((from: number) => Promise<AsyncIterable<Uint8Array>>) | undefined;
  /** Names what broke the reading. */
  readonly explain: (error: unknown) => Error;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/**
 * The bytes, each once and in order, no faster than they are taken. Where a connection breaks or ends
 * early, the next one goes on.
 *
 * @param first - the connection that is open; closed with the reading, as are those that follow
 * @throws what `explain` makes of the last break, or of the failure to go on
 */
export async function* resumedRead(
  first: AsyncIterable<Uint8Array>,
  { size, rest, explain, signal }: ResumableRead,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let body = first;
  for (let resumptions = 0; ; resumptions += 1) {
    let broke: unknown;
    try {
      for await (const chunk of body) {
        read += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      broke = error;
    }
    if (read === size) return;
    broke ??= new UpstreamUnavailableError(`S3 ended the object after ${read} of ${size} bytes`);
    if (!rest || signal.aborted || resumptions === MAX_RESUMPTIONS) throw explain(broke);
    try {
      await sleep((resumptions + 1) * PAUSE_MS, undefined, { signal });
      body = await rest(read);
    } catch (error) {
      throw explain(error);
    }
  }
}
