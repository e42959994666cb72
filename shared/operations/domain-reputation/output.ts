/** Output of `domain_reputation`. */
import * as z from 'zod/mini';
import { nullableCount, nullableDate, nullableText } from '../../schema/fields/output.ts';
import { verdict } from '../../verdict/verdict-schema.ts';
import { answerFields } from '../common/answer-fields.ts';
import {
  type CacheFields,
  cacheFields,
  listFields,
  listOf,
  opinionFields,
  relatedFile,
  relatedUrl,
} from '../common/output-fields.ts';

export const domainReputationOutput = z.object({
  categories: listOf(z.string(), 'Categories assigned by vendors, without duplicates.'),
  domain_siblings: listOf(z.string(), 'Other names under the same parent domain, 20 at most.'),
  ...opinionFields,
  detected_downloaded_samples: listOf(
    relatedFile,
    'Files downloaded from the domain that any engine calls malicious (needs a premium key).',
  ),
  undetected_downloaded_samples: listOf(
    relatedFile,
    'Files downloaded from the domain that no engine calls malicious (needs a premium key).',
  ),
  detected_urls: listOf(
    relatedUrl,
    'URLs of the domain that any engine calls malicious (needs a premium key).',
  ),
  subdomains: listOf(z.string(), 'Names under this domain, 20 at most.'),
  whois: nullableText('The WHOIS record.'),
  whois_timestamp: nullableCount('Date of the WHOIS record, epoch seconds.'),
  ...answerFields,
  resource: z.string().check(z.describe('The requested domain in lower-case A-labels.')),
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  scan_date: nullableDate('Date of the last analysis.'),
  ...listFields,
  ...cacheFields,
  verdict,
});

export type DomainReputationOutput = z.infer<typeof domainReputationOutput>;
/** Output of `domain_reputation` before the verdict, and what came from the cache, are added. */
export type DomainReputationReport = Omit<DomainReputationOutput, 'verdict' | keyof CacheFields>;
