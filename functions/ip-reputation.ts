/** `ip_reputation`: VirusTotal's report on an IP address. */
import { whyIpNotSent } from '../shared/indicators/not-sent.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { ipReputation as operation } from '../shared/operations.ts';
import { relatedList } from '../shared/related-list.ts';
import {
  ipReputation,
  ipReputationNotSent,
  ipReputationRunning,
  ipReputationUnknown,
} from '../shared/report/ip-reputation.ts';
import { createServices } from '../shared/services.ts';

const { config, virusTotal } = createServices(process.env);

/** Handler of `ip_reputation`. */
export const handler = lambda(operation, async ({ ip, details = 'full' }, call) => {
  const why = whyIpNotSent(ip);
  if (why) return ipReputationNotSent(ip, why);
  const lookup = await virusTotal.ipAddress(ip, call);
  if (lookup.status === 'unknown') return ipReputationUnknown(ip);
  if (lookup.status === 'not-available-yet') return ipReputationRunning(ip);
  const list = (relationship: string) =>
    relatedList(
      virusTotal,
      { collection: 'ip_addresses', id: ip, relationship, details, tier: config.tier },
      call,
    );
  const [downloadedFiles, referrerFiles, urls] = await Promise.all([
    list('downloaded_files'),
    list('referrer_files'),
    list('urls'),
  ]);
  return ipReputation(ip, lookup.object, { downloadedFiles, referrerFiles, urls });
});
