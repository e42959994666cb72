/** The requests that read what VirusTotal knows. */
import type * as z from 'zod/mini';
import type { Limits } from '../limits.ts';
import type { AnswerCache, Keepable } from './answer-cache.ts';
import { type Lookup, type RelatedPage, relatedObjects } from './answers/index.ts';
import type { UpstreamRequest } from './attempt.ts';
import { endpoint, understand } from './endpoint.ts';
import { isNotAvailableYet, isUnknown, toNamedError } from './failures.ts';
import type { GatedRequest } from './gate.ts';
import type { Question } from './question.ts';
import { type Sender, send } from './send.ts';

/** What a lookup needs. */
export interface LookupServices extends Sender {
  readonly cache: AnswerCache;
}

/**
 * Looks one object up.
 *
 * @param schema - of the answer
 * @param keepable - whether the object may be kept
 */
export async function lookUp<T>(
  services: LookupServices,
  schema: z.ZodMiniType<T>,
  question: Question,
  limits: Limits,
  keepable: (object: T) => Keepable | null,
): Promise<Lookup<T>> {
  const cacheable = {
    ...question,
    keepable: (answer: Lookup<T>) => {
      if (answer.status === 'found') return keepable(answer.object);
      return answer.status === 'unknown' ? { isFound: false, analysedAt: null } : null;
    },
  };
  const answer = await services.cache.answer(cacheable, limits, (begin) =>
    askForObject(services, schema, question, limits, begin),
  );
  return answer ?? { status: 'not-cached' };
}

async function askForObject<T>(
  sender: Sender,
  schema: z.ZodMiniType<T>,
  question: Question,
  limits: Limits,
  begin: GatedRequest['begin'],
): Promise<Lookup<T>> {
  const request = requestFor(sender, question, begin);
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
  services: LookupServices,
  question: Question,
  limits: Limits,
): Promise<RelatedPage | 'forbidden' | 'not-cached'> {
  const cacheable = {
    ...question,
    keepable: (page: RelatedPage | 'forbidden') =>
      page === 'forbidden' ? null : { isFound: true, analysedAt: null },
  };
  const answer = await services.cache.answer(cacheable, limits, async (begin) => {
    const request = requestFor(services, question, begin);
    const sent = await send(services, request, limits);
    if (sent.kind === 'success') return understand(relatedObjects, sent.json, request);
    if (sent.fault.status === 403) return 'forbidden' as const;
    throw toNamedError(sent.fault);
  });
  return answer ?? 'not-cached';
}

function requestFor(
  { server }: Sender,
  { template, id, query }: Question,
  begin: GatedRequest['begin'],
): UpstreamRequest {
  const url = endpoint(server, template, [id]);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { method: 'GET', template: `GET ${template}`, url, begin };
}
