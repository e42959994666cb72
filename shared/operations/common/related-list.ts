/** Reads a list of related objects, if it is requested and the key may read it. */

import type { Tier } from '../../config.ts';
import { ConnectorError, QuotaExceededError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import type { RelatedList } from './lists.ts';

/** Relationships that only a premium key may read (https://docs.virustotal.com/reference/ip-object). */
const premiumRelationships: ReadonlySet<string> = new Set(['downloaded_files', 'urls']);

/** The list to read. */
export interface ListRequest {
  readonly collection: 'ip_addresses' | 'domains';
  /** Id of the object. */
  readonly id: string;
  /** Name of the relationship, for example `referrer_files`. */
  readonly relationship: string;
  /** `summary` reads no list. */
  readonly details: 'full' | 'summary';
  /** Decides which lists the key may read. */
  readonly tier: Tier;
}

/**
 * Returns the first page of the list, or why it was not read. A list that fails does not fail the answer: the
 * report is at hand.
 *
 * @throws QuotaExceededError in a bulk call whose report is in the cache: it comes back and pays only for what is
 * missing
 */
export async function readRelatedList(
  virusTotal: Pick<VirusTotalClient, 'related'>,
  { collection, id, relationship, details, tier }: ListRequest,
  limits: Limits,
): Promise<RelatedList> {
  if (details === 'summary') return { unavailable: 'summary' };
  if (tier === 'public' && premiumRelationships.has(relationship)) return { unavailable: 'tier' };
  try {
    const page = await virusTotal.related(collection, id, relationship, limits);
    if (page === 'forbidden') return { unavailable: 'premium' };
    return page === 'not-cached' ? { unavailable: 'absent' } : page;
  } catch (error) {
    if (!(error instanceof ConnectorError) || canComeBack(error, limits)) throw error;
    logger.warn('related list left out', { collection, relationship, error });
    return { unavailable: error instanceof QuotaExceededError ? 'quota' : 'error' };
  }
}

/** Whether the same call again would not pay for the report a second time. */
function canComeBack(error: ConnectorError, { caller, cache }: Limits): boolean {
  const isCheap = cache?.mode === 'use' && cache.isKept;
  return isCheap && caller?.lane === 'bulk' && error instanceof QuotaExceededError;
}
