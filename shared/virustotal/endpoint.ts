/** From a path template to a URL, and from an answer to a typed object. */
import type * as z from 'zod/mini';
import { InvalidInputError, UpstreamError } from '../errors.ts';
import type { UpstreamRequest } from './attempt.ts';

/**
 * Fills a template: every segment is encoded, so that no id can lead elsewhere.
 *
 * @param server - base of the API
 * @param template - for example `/files/{id}`
 * @param ids - one for each `{id}`
 * @throws InvalidInputError for an id that would change the path although it is encoded
 */
export function endpoint(server: URL, template: string, ids: readonly string[]): URL {
  const rest = [...ids];
  const path = template.replace(/\{id\}/g, () => segment(rest.shift() ?? ''));
  return new URL(server.href + path);
}

/** No encoding keeps a URL parser from taking `.` and `..` for steps in the path. */
function segment(id: string): string {
  if (/^\.{0,2}$/.test(id)) {
    throw new InvalidInputError(
      `id: got ${JSON.stringify(id)}; allowed: a name that is not empty, "." or ".."`,
    );
  }
  return encodeURIComponent(id.toWellFormed());
}

/**
 * Checks the shape of a success.
 *
 * @throws UpstreamError that says where the shape differs, and quotes nothing
 */
export function understand<T>(
  schema: z.ZodMiniType<T>,
  json: unknown,
  { template }: UpstreamRequest,
): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || '(root)').slice(0, 5);
  throw new UpstreamError(
    `VirusTotal answered ${template} with a shape that is not known, at ${where.join(', ')}`,
  );
}
