/** `ip_reputation`: looks up an IP address and its related objects. */
import type { Tier } from '../../config.ts';
import { whyIpNotSent } from '../../indicators/not-sent.ts';
import { cacheUse, type Limits } from '../../limits.ts';
import type { VerdictPolicy } from '../../verdict/policy-schema.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import { readRelatedList } from '../common/related-list.ts';
import { notSent, toReputation } from '../common/reputation.ts';
import type { IpReputationRequest } from './input.ts';
import {
  type IpLists,
  ipReputationFound,
  ipReputationNotSent,
  ipReputationRunning,
  ipReputationUnknown,
} from './map.ts';
import type { IpReputationOutput } from './output.ts';

/** What the operation works with. */
export interface IpReputationServices {
  readonly virusTotal: Pick<VirusTotalClient, 'ipAddress' | 'related'>;
  /** Decides which lists the key may read. */
  readonly tier: Tier;
  readonly defaultPolicy: VerdictPolicy;
}

/** Answers `ip_reputation`. */
export async function answerIpReputation(
  services: IpReputationServices,
  request: IpReputationRequest,
  limits: Limits,
): Promise<IpReputationOutput> {
  const { ip, policy = services.defaultPolicy } = request;
  const nowSeconds = Date.now() / 1000;
  const cache = cacheUse(request.cache);
  const within = { ...limits, cache };
  const subject = { type: 'ip', indicator: ip, policy, nowSeconds, cache } as const;
  const reason = whyIpNotSent(ip);
  if (reason) return notSent(ipReputationNotSent(ip, reason), subject);
  return toReputation(await services.virusTotal.ipAddress(ip, within), subject, {
    found: async (object) =>
      ipReputationFound(ip, object, await readLists(services, request, within)),
    unknown: () => ipReputationUnknown(ip),
    running: () => ipReputationRunning(ip),
    notSent: (why) => ipReputationNotSent(ip, why),
  });
}

async function readLists(
  { virusTotal, tier }: IpReputationServices,
  { ip, details = 'full' }: IpReputationRequest,
  limits: Limits,
): Promise<IpLists> {
  const read = (relationship: string) =>
    readRelatedList(
      virusTotal,
      { collection: 'ip_addresses', id: ip, relationship, details, tier },
      limits,
    );
  const [downloadedFiles, referrerFiles, urls] = await Promise.all([
    read('downloaded_files'),
    read('referrer_files'),
    read('urls'),
  ]);
  return { downloadedFiles, referrerFiles, urls };
}
