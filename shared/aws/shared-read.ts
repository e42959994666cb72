/** Lets callers share a read, each for as long as it can wait. */
import { UpstreamTimeoutError } from '../errors.ts';

/**
 * Wraps a read so that a call joins one under way. A caller that stops waiting does not end it: the next
 * caller need not begin again.
 *
 * @param read - reads; ends by itself
 * @param action - what times out, as in `read the report`
 * @returns reads until the signal aborts. @throws UpstreamTimeoutError then
 */
export function sharedRead<T>(
  read: () => Promise<T>,
  action: string,
): (signal: AbortSignal) => Promise<T> {
  let reading: Promise<T> | undefined;
  return async function join(signal): Promise<T> {
    const isJoined = reading !== undefined;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    try {
      return await before(reading, signal, `could not ${action} in the time left`);
    } catch (error) {
      // A function that is frozen between its start and its first call loses the connection of its read.
      const isStale = isJoined && error instanceof UpstreamTimeoutError && !signal.aborted;
      if (!isStale) throw error;
      return join(signal);
    }
  };
}

async function before<T>(reading: Promise<T>, signal: AbortSignal, message: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new UpstreamTimeoutError(message));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([reading, late]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
