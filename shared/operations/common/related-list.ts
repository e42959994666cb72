/** Decides whether a list of related objects is asked for, and asks. */

import type { Tier } from '../../config.ts';
import type { Limits } from '../../limits.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import type { RelatedList } from './lists.ts';

/** Relationships that only a premium key may read (https://docs.virustotal.com/reference/ip-object). */
const premiumRelationships: ReadonlySet<string> = new Set(['downloaded_files', 'urls']);

/** Which list of which object. */
export interface ListRequest {
  readonly collection: 'ip_addresses' | 'domains';
  /** The object's id. */
  readonly id: string;
  /** Name of the relationship, for example `referrer_files`. */
  readonly relationship: string;
  /** What the caller wants: `summary` asks for no list. */
  readonly details: 'full' | 'summary';
  /** What the key may read. */
  readonly tier: Tier;
}

/**
 * Asks VirusTotal for one list, unless it is not wanted or the key may not read it.
 *
 * @param virusTotal - the client
 * @param request - which list
 * @param limits - the invocation's limits
 */
export async function relatedList(
  virusTotal: VirusTotalClient,
  { collection, id, relationship, details, tier }: ListRequest,
  limits: Limits,
): Promise<RelatedList> {
  if (details === 'summary') return { unavailable: 'summary' };
  if (tier === 'public' && premiumRelationships.has(relationship)) return { unavailable: 'tier' };
  const page = await virusTotal.related(collection, id, relationship, limits);
  return page === 'forbidden' ? { unavailable: 'premium' } : page;
}
