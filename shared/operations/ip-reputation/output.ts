/** Output of `ip_reputation`. */
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

export const ipReputationOutput = z.object({
  as_owner: nullableText('Owner of the autonomous system.'),
  asn: nullableCount('Number of the autonomous system.'),
  country: nullableText('Two-letter country code.'),
  ...opinionFields,
  detected_downloaded_samples: listOf(
    relatedFile,
    'Files downloaded from the address that any engine calls malicious (needs a premium key).',
  ),
  detected_referrer_samples: listOf(
    relatedFile,
    'Files that contain the address and that any engine calls malicious.',
  ),
  detected_urls: listOf(
    relatedUrl,
    'URLs at the address that any engine calls malicious (needs a premium key).',
  ),
  ...answerFields,
  resource: z.string().check(z.describe('The requested address in its shortest form.')),
  permalink: nullableText("Address of the report in VirusTotal's web interface."),
  scan_date: nullableDate('Date of the last analysis.'),
  ...listFields,
  ...cacheFields,
  verdict,
});

export type IpReputationOutput = z.infer<typeof ipReputationOutput>;
/** Output of `ip_reputation` before the verdict, and what came from the cache, are added. */
export type IpReputationReport = Omit<IpReputationOutput, 'verdict' | keyof CacheFields>;
