/** What lookups of an indicator ask VirusTotal. */
import { classify } from '../../shared/indicators/classify.ts';
import { parseDomain } from '../../shared/indicators/domain.ts';
import { parseDigest } from '../../shared/indicators/hash.ts';
import { InvalidIndicator } from '../../shared/indicators/invalid.ts';
import { parseIpAddress } from '../../shared/indicators/ip-address.ts';
import { parseUrl } from '../../shared/indicators/url.ts';
import {
  domainQuestion,
  fileQuestion,
  ipQuestion,
  type Question,
  questionsAboutUrl,
  type RelatedCollection,
  relatedQuestion,
  relationships,
} from '../../shared/virustotal/question.ts';
import { UsageError } from '../command-line/usage-error.ts';

/**
 * Returns the questions, the one about the indicator itself first.
 *
 * @throws UsageError if it is not an indicator
 */
export function questionsAbout(indicator: string): Question[] {
  try {
    switch (classify(indicator)) {
      case 'file':
        return [fileQuestion(parseDigest(indicator).hex)];
      case 'url':
        return questionsAboutUrl(parseUrl(indicator).url, '');
      case 'ip': {
        const ip = parseIpAddress(indicator);
        return [ipQuestion(ip), ...lists('ip_addresses', ip)];
      }
      case 'domain': {
        const domain = parseDomain(indicator);
        return [domainQuestion(domain), ...lists('domains', domain)];
      }
    }
  } catch (error) {
    if (!(error instanceof InvalidIndicator)) throw error;
    throw new UsageError(
      `indicator: got ${JSON.stringify(indicator)} (${error.message}); expected a hash, URL, IP address or domain`,
    );
  }
}

/** Returns the questions about a file by the digests that a report has. */
export function questionsAboutDigests(answer: unknown): Question[] {
  const object = fieldOf(answer, 'object');
  const digests = ['md5', 'sha1', 'sha256'].map((name) => fieldOf(object, name));
  return digests.filter((digest) => typeof digest === 'string').map(fileQuestion);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function lists(collection: RelatedCollection, id: string): Question[] {
  return relationships[collection].map((relationship) =>
    relatedQuestion(collection, id, relationship),
  );
}
