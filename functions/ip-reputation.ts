/** `ip_reputation`: VirusTotal's report on an IP address, and the verdict on it. */
import { reputationVariables } from '../shared/config.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { whyIpNotSent } from '../shared/indicators/not-sent.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { ipReputation as operation } from '../shared/operations/catalogue.ts';
import { relatedList } from '../shared/operations/common/related-list.ts';
import {
  ipReputation,
  ipReputationNotSent,
  ipReputationRunning,
  ipReputationUnknown,
} from '../shared/operations/ip-reputation/map.ts';
import { openVirusTotal } from '../shared/services.ts';
import { judges } from '../shared/verdict/judges.ts';

const config = parseEnvironment(reputationVariables, process.env);
const virusTotal = await openVirusTotal(process.env, config);
const judgeOf = judges('ip', process.env);

/** Handler of `ip_reputation`. */
export const handler = lambda(operation, async ({ ip, details = 'full', policy }, limits) => {
  const judge = judgeOf(ip, policy);
  const why = whyIpNotSent(ip);
  if (why) return judge(ipReputationNotSent(ip, why), 'not-sent');
  const lookup = await virusTotal.ipAddress(ip, limits);
  if (lookup.status === 'unknown') return judge(ipReputationUnknown(ip));
  if (lookup.status === 'not-available-yet') return judge(ipReputationRunning(ip));
  const list = (relationship: string) =>
    relatedList(
      virusTotal,
      { collection: 'ip_addresses', id: ip, relationship, details, tier: config.VIRUSTOTAL_TIER },
      limits,
    );
  const [downloadedFiles, referrerFiles, urls] = await Promise.all([
    list('downloaded_files'),
    list('referrer_files'),
    list('urls'),
  ]);
  const lists = { downloadedFiles, referrerFiles, urls };
  return judge(ipReputation(ip, lookup.object, lists), lookup.object);
});
