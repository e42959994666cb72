/** Reads the properties of a resource, and refuses unsupported ones. */
import type * as z from 'zod/mini';
import { issuesText } from '../../schema-issues.ts';
import type { ResolvedResource } from '../resolver.ts';
import { UnsupportedTemplateError } from '../unsupported.ts';

/**
 * Reads properties.
 *
 * @throws UnsupportedTemplateError that names the resource and the properties, never their values
 */
export function readProperties<T extends z.ZodMiniType>(
  { logicalId, type, properties }: ResolvedResource,
  schema: T,
): z.infer<T> {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new UnsupportedTemplateError(
    `${logicalId} (${type}) cannot run here: ${issuesText(parsed.error.issues)}`,
  );
}
