/** The requests that read what VirusTotal knows. */
import type * as z from 'zod/mini';
import type { Limits } from '../limits.ts';
import { type Lookup, type RelatedPage, relatedObjects } from './answers/index.ts';
import { endpoint, understand } from './endpoint.ts';
import { isNotAvailableYet, isUnknown, toNamedError } from './failures.ts';
import { type Sender, send } from './send.ts';

/** Most items of a page. */
const PAGE_SIZE = '40';

/**
 * Looks one object up.
 *
 * @param schema - of the answer
 * @param template - path with one `{id}`
 * @param id - fills the path
 * @param query - query parameters
 */
export async function lookUp<T>(
  sender: Sender,
  schema: z.ZodMiniType<T>,
  template: string,
  id: string,
  limits: Limits,
  query: Readonly<Record<string, string>> = {},
): Promise<Lookup<T>> {
  const url = endpoint(sender.server, template, [id]);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const request = { method: 'GET', template: `GET ${template}`, url } as const;
  const answer = await send(sender, request, limits);
  if (answer.kind === 'success') {
    return { status: 'found', object: understand(schema, answer.json, request) };
  }
  if (isUnknown(answer.fault)) return { status: 'unknown' };
  if (isNotAvailableYet(answer.fault)) return { status: 'not-available-yet' };
  throw toNamedError(answer.fault);
}

/** Reads one page of related objects; a 403 is a result here, not an error. */
export async function relatedPage(
  sender: Sender,
  template: string,
  id: string,
  limits: Limits,
): Promise<RelatedPage | 'forbidden'> {
  const url = endpoint(sender.server, template, [id]);
  url.searchParams.set('limit', PAGE_SIZE);
  const request = { method: 'GET', template: `GET ${template}`, url } as const;
  const answer = await send(sender, request, limits);
  if (answer.kind === 'success') return understand(relatedObjects, answer.json, request);
  if (answer.fault.status === 403) return 'forbidden';
  throw toNamedError(answer.fault);
}
