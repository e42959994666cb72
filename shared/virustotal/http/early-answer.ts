/** Lets an answer be heard that came before the whole body was sent. */
import type { Socket } from 'node:net';

/** How long what the server has said may take to be read, milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Keeps a failed write from closing a connection before what has arrived on it is read.
 *
 * A server that refuses a request early (413, 401) answers and closes, while the body is still being
 * sent. The next write then fails, and Node closes the socket at once, its unread answer included.
 *
 * @param socket - of a request with a body; its own
 */
export function hearEarlyAnswer(socket: Socket): void {
  type Callback = (error?: Error | null) => void;
  const patient =
    (callback: Callback): Callback =>
    (error) => {
      if (!error || socket.destroyed) return callback(error);
      const fail = () => {
        clearTimeout(timer);
        socket.off('close', fail);
        callback(error);
      };
      const timer = setTimeout(fail, PATIENCE_MS);
      socket.once('close', fail);
    };
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, callback) => write(chunk, encoding, patient(callback));
  const writev = socket._writev?.bind(socket);
  if (writev) socket._writev = (chunks, callback) => writev(chunks, patient(callback));
}
