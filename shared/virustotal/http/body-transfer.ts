/** Sends a request's body, and tells errors of its source from those of the connection. */
import type { ClientRequest } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { RequestBody } from './multipart.ts';

/** A body that is being sent. */
export interface BodyTransfer {
  /** Resolves when the connection has taken the whole body; rejects with the error that broke it off. */
  readonly done: Promise<void>;
  /** Whether `done` has resolved. */
  readonly isDone: boolean;
  /** Error of the body's source; undefined without one. */
  readonly sourceError: unknown;
}

/**
 * Starts to send a body. The source is opened once the connection is established, and read with backpressure;
 * it is closed when the request ends, and the request is closed if the source fails.
 *
 * @param client - the request; ended here
 * @param body - undefined for a request without one
 * @param established - resolves when the connection is established
 */
export function sendBody(
  client: ClientRequest,
  body: RequestBody | undefined,
  established: Promise<void>,
): BodyTransfer {
  if (!body) {
    client.end();
    return { done: Promise.resolve(), isDone: true, sourceError: undefined };
  }
  const state: { isDone: boolean; sourceError: unknown } = {
    isDone: false,
    sourceError: undefined,
  };
  async function* source(chunks: AsyncIterable<Uint8Array>) {
    await established;
    try {
      yield* chunks;
    } catch (error) {
      state.sourceError = error;
      throw error;
    }
  }
  const done = pipeline(source(body.chunks()), client).then(() => {
    state.isDone = true;
  });
  // The caller gets the same failure as an error of the request.
  done.catch(() => {});
  return Object.assign(state, { done });
}
