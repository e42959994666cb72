/** Reads answers that arrive before the whole body is sent, and goes on sending. */
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** How long an early answer may take to be read, milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Keeps a failed write from closing a connection before the data that has arrived is read.
 *
 * A server that refuses a request early (413, 401) answers and closes the connection while the body is still
 * being sent. The next write then fails, and Node closes the socket at once, with the unread answer.
 *
 * @param socket - of one request with a body; not shared with others
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

/**
 * Goes on sending a body after its answer has arrived. Once Node has read a whole answer, it no longer tells
 * the request that its socket can take more, and the body would stall.
 *
 * @param client - a request whose answer has arrived
 */
export function keepSending(client: ClientRequest): void {
  client.socket?.on('drain', () => client.emit('drain'));
}
