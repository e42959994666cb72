/** Builds URLs from path templates, and parses answers to typed objects. */
import type * as z from 'zod/mini';
import { InvalidInputError, UpstreamError } from '../errors.ts';
import type { UpstreamRequest } from './attempt.ts';

/**
 * Fills a template; every segment is encoded, so that an id cannot change the path.
 *
 * @param server - base of the API
 * @param template - for example `/files/{id}`
 * @param ids - one for each `{id}`
 * @throws InvalidInputError for an id that changes the path even when encoded
 */
export function endpoint(server: URL, template: string, ids: readonly string[]): URL {
  const rest = [...ids];
  const path = template.replace(/\{id\}/g, () => segment(rest.shift() ?? ''));
  return new URL(server.href + path);
}

/** URL parsers treat `.` and `..` as steps in the path, however they are encoded. */
function segment(id: string): string {
  if (/^\.{0,2}$/.test(id)) {
    throw new InvalidInputError(
      `id: got ${JSON.stringify(id)}; allowed: a name that is not empty, "." or ".."`,
    );
  }
  return encodeURIComponent(id.toWellFormed());
}

/**
 * Parses the body of a success.
 *
 * @throws UpstreamError that names the unexpected fields, but quotes nothing
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
    `VirusTotal answered ${template} with an unexpected body, at ${where.join(', ')}`,
  );
}
