/** Sends a request's body, and keeps apart what fails: the body's source or the connection. */
import type { ClientRequest } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { RequestBody } from './multipart.ts';

/** A body that is being sent. */
export interface BodyTransfer {
  /** Resolves when the whole body is with the connection; rejects with what broke it. */
  readonly done: Promise<void>;
  /** Whether `done` has resolved. */
  readonly isDone: boolean;
  /** What the source of the body ended with; undefined while it is well. */
  readonly sourceError: unknown;
}

/**
 * Starts to send a body. The source is opened when the connection stands, and read no faster than the
 * server takes it; it is closed when the request ends, and the request when the source fails.
 *
 * @param client - the request; ended here
 * @param body - undefined for a request without one
 * @param established - resolves when the connection stands
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
  // Whoever waits for the answer meets the same failure as an error of the request.
  done.catch(() => {});
  return Object.assign(state, { done });
}
