/** Which headers of a request S3 keeps with an object. */
import type { IncomingHttpHeaders } from 'node:http';
import type { EngineHeaders } from './engine.ts';

/**
 * Headers that S3 keeps with an object, as the engine takes them; not the content type, since the
 * engine's web framework drops what it cannot parse.
 */
export function storedHeaders(
  headers: IncomingHttpHeaders,
  contentEncoding: string | undefined,
): EngineHeaders {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    (name.startsWith('x-amz-meta-') || KEPT.has(name)) && value !== undefined
      ? [[name, value.toString()]]
      : [],
  );
  return {
    ...Object.fromEntries(kept),
    ...(contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }),
  };
}

const KEPT = new Set([
  'cache-control',
  'content-disposition',
  'content-language',
  'x-amz-checksum-algorithm',
  'x-amz-metadata-directive',
]);
