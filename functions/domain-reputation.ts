/** `domain_reputation`: VirusTotal's report on a domain, and the verdict on it. */
import { reputationVariables } from '../shared/config.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { whyHostNotSent } from '../shared/indicators/not-sent.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { domainReputation as operation } from '../shared/operations/catalogue.ts';
import { relatedList } from '../shared/operations/common/related-list.ts';
import {
  domainReputation,
  domainReputationNotSent,
  domainReputationRunning,
  domainReputationUnknown,
} from '../shared/operations/domain-reputation/map.ts';
import { openVirusTotal } from '../shared/services.ts';
import { judges } from '../shared/verdict/judges.ts';

const config = parseEnvironment(reputationVariables, process.env);
const virusTotal = await openVirusTotal(process.env, config);
const judgeOf = judges('domain', process.env);

/** Handler of `domain_reputation`. */
export const handler = lambda(operation, async ({ domain, details = 'full', policy }, limits) => {
  const judge = judgeOf(domain, policy);
  const why = whyHostNotSent(domain);
  if (why) return judge(domainReputationNotSent(domain, why), 'not-sent');
  const lookup = await virusTotal.domain(domain, limits);
  if (lookup.status === 'unknown') return judge(domainReputationUnknown(domain));
  if (lookup.status === 'not-available-yet') return judge(domainReputationRunning(domain));
  const list = (relationship: string) =>
    relatedList(
      virusTotal,
      { collection: 'domains', id: domain, relationship, details, tier: config.VIRUSTOTAL_TIER },
      limits,
    );
  const [downloadedFiles, urls] = await Promise.all([list('downloaded_files'), list('urls')]);
  return judge(domainReputation(domain, lookup.object, { downloadedFiles, urls }), lookup.object);
});
