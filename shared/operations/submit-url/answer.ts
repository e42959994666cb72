/** `submit_url`: submits a URL, unless its host must not be sent to VirusTotal. */
import { whyHostNotSent } from '../../indicators/not-sent.ts';
import type { Limits } from '../../limits.ts';
import { canonicalUrlOf } from '../../virustotal/canonical-url.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import type { SubmitUrlRequest } from './input.ts';
import { submitUrlNotSent, submitUrlQueued } from './map.ts';
import type { SubmitUrlOutput } from './output.ts';

/** What the operation works with. */
export interface SubmitUrlServices {
  readonly virusTotal: Pick<VirusTotalClient, 'submitUrl'>;
}

/** Answers `submit_url`. */
export async function answerSubmitUrl(
  { virusTotal }: SubmitUrlServices,
  { url: { url, host } }: SubmitUrlRequest,
  limits: Limits,
): Promise<SubmitUrlOutput> {
  const reason = whyHostNotSent(host);
  if (reason) return submitUrlNotSent(url, reason);
  const { id } = await virusTotal.submitUrl(url, limits);
  return submitUrlQueued(canonicalUrlOf(url, id), id);
}
