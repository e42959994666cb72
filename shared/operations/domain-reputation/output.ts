/** Output of `domain_reputation`. */
import * as z from 'zod/mini';
import { nullableCount, nullableDate, nullableText } from '../../schema/fields/output.ts';
import { verdict } from '../../verdict/verdict-schema.ts';
import {
  answerFields,
  listFields,
  listOf,
  opinionFields,
  relatedFile,
  relatedUrl,
} from '../common/output-fields.ts';

/** Output of `domain_reputation`. */
export const domainReputationOutput = z.object({
  categories: listOf(z.string(), 'Categories that vendors gave the domain, each once.'),
  domain_siblings: listOf(z.string(), 'Names beside this one under the same parent, 20 at most.'),
  ...opinionFields,
  detected_downloaded_samples: listOf(
    relatedFile,
    'Files downloaded from the domain that an engine called malicious (needs a premium key).',
  ),
  undetected_downloaded_samples: listOf(
    relatedFile,
    'Files downloaded from the domain that no engine called malicious (needs a premium key).',
  ),
  detected_urls: listOf(
    relatedUrl,
    'URLs of the domain that an engine called malicious (needs a premium key).',
  ),
  subdomains: listOf(z.string(), 'Names under this one, 20 at most.'),
  whois: nullableText('The WHOIS record.'),
  whois_timestamp: nullableCount('When the WHOIS record was read, epoch seconds.'),
  ...answerFields,
  resource: z.string().check(z.describe('The domain that was asked for, in lower-case A-labels.')),
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  scan_date: nullableDate('Date of the last analysis.'),
  ...listFields,
  verdict,
});

/** Output of `domain_reputation`. */
export type DomainReputationOutput = z.infer<typeof domainReputationOutput>;
/** Output of `domain_reputation` before the verdict is added. */
export type DomainReputationReport = Omit<DomainReputationOutput, 'verdict'>;
