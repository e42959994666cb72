/** `domain_reputation`: looks up a domain and its related objects. */
import type { Tier } from '../../config.ts';
import { whyHostNotSent } from '../../indicators/not-sent.ts';
import { cacheUse, type Limits } from '../../limits.ts';
import type { VerdictPolicy } from '../../verdict/policy-schema.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { readRelatedList } from '../common/related-list.ts';
import { notSent, toReputation } from '../common/reputation.ts';
import type { DomainReputationRequest } from './input.ts';
import {
  type DomainLists,
  domainReputationFound,
  domainReputationNotSent,
  domainReputationRunning,
  domainReputationUnknown,
} from './map.ts';
import type { DomainReputationOutput } from './output.ts';

/** What the operation works with. */
export interface DomainReputationServices {
  readonly virusTotal: Pick<VirusTotalClient, 'domain' | 'related'>;
  /** Decides which lists the key may read. */
  readonly tier: Tier;
  readonly defaultPolicy: VerdictPolicy;
}

/** Answers `domain_reputation`. */
export async function answerDomainReputation(
  services: DomainReputationServices,
  request: DomainReputationRequest,
  limits: Limits,
): Promise<DomainReputationOutput> {
  const { domain, policy = services.defaultPolicy } = request;
  const nowSeconds = Date.now() / 1000;
  const cache = cacheUse(request.cache);
  const within = { ...limits, cache };
  const subject = { type: 'domain', indicator: domain, policy, nowSeconds, cache } as const;
  const reason = whyHostNotSent(domain);
  if (reason) return notSent(domainReputationNotSent(domain, reason), subject);
  return toReputation(await services.virusTotal.domain(domain, within), subject, {
    found: async (object) =>
      domainReputationFound(domain, object, await readLists(services, request, within)),
    unknown: () => domainReputationUnknown(domain),
    running: () => domainReputationRunning(domain),
    notSent: (why) => domainReputationNotSent(domain, why),
  });
}

async function readLists(
  { virusTotal, tier }: DomainReputationServices,
  { domain, details = 'full' }: DomainReputationRequest,
  limits: Limits,
): Promise<DomainLists> {
  const read = (relationship: string) =>
    readRelatedList(
      virusTotal,
      { collection: 'domains', id: domain, relationship, details, tier },
      limits,
    );
  const [downloadedFiles, urls] = await Promise.all([read('downloaded_files'), read('urls')]);
  return { downloadedFiles, urls };
}
