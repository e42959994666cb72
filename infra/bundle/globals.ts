/**
 * Globals of a bundle in place of the web's, whose first use loads more of Node: a bundle has no web
 * streams, and what the SDK asks of `crypto`, the module has too. Read by esbuild's `inject`.
 */
import crypto from 'node:crypto';

export { crypto };

/** No stream is a web stream. */
export const ReadableStream = undefined;

/** No body is a blob. */
export const Blob = undefined;
