/**
 * Replaces web globals in a bundle (esbuild's `inject`): the first use of the originals loads more of
 * Node. A bundle uses no web streams, and the crypto module has everything that the SDK needs.
 */
import crypto from 'node:crypto';

export { crypto };

/** Streams are Node's own. */
export const ReadableStream = undefined;

/** Bodies are strings, buffers or streams. */
export const Blob = undefined;
