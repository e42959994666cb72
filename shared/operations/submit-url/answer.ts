/** `submit_url`: submits a URL once in 15 minutes, unless its host must not be sent to VirusTotal. */
import { whyHostNotSent } from '../../indicators/not-sent.ts';
import { cacheUse, type InvocationLimits } from '../../limits.ts';
import { canonicalUrlOf } from '../../virustotal/canonical-url.ts';
import type { VirusTotalClient } from '../../virustotal/client.ts';
import type { SubmitUrlRequest } from './input.ts';
import { submitUrlNotSent, submitUrlQueued } from './map.ts';
import type { SubmitUrlOutput } from './output.ts';

/** A URL to submit. */
export interface UrlSubmission {
  readonly url: string;
  /** Whether it is submitted although it has been a moment ago. */
  readonly isForced: boolean;
  /**
   * Submits it.
   *
   * @param sendingSince - when an earlier call began to, whose answer was lost, epoch milliseconds; otherwise null
   */
  submit(sendingSince: number | null): Promise<SubmitUrlOutput>;
}

/** What the operation works with. */
export interface SubmitUrlServices {
  readonly virusTotal: Pick<VirusTotalClient, 'submitUrl' | 'url'>;
  /** Submits a URL, or returns the output of the first of several calls. */
  submitOnce(submission: UrlSubmission, limits: InvocationLimits): Promise<SubmitUrlOutput>;
}

/** VirusTotal may date an analysis before the submission: it merges one into a recent analysis. Milliseconds. */
const MERGED_MS = 60_000;

/** Answers `submit_url`. */
export async function answerSubmitUrl(
  services: SubmitUrlServices,
  { url: { url, host }, upload }: SubmitUrlRequest,
  limits: InvocationLimits,
): Promise<SubmitUrlOutput> {
  const reason = whyHostNotSent(host);
  if (reason) return submitUrlNotSent(url, reason);
  return services.submitOnce(
    {
      url,
      isForced: upload === 'always',
      submit: (sendingSince) => submit(services, url, sendingSince, limits),
    },
    limits,
  );
}

async function submit(
  { virusTotal }: SubmitUrlServices,
  url: string,
  sendingSince: number | null,
  limits: InvocationLimits,
): Promise<SubmitUrlOutput> {
  const id =
    (sendingSince === null ? null : await arrivedAs(virusTotal, url, sendingSince, limits)) ??
    (await virusTotal.submitUrl(url, limits)).id;
  return submitUrlQueued(canonicalUrlOf(url, id), id);
}

/** The id of the analysis that a submission with a lost answer has led to; null if none shows. */
async function arrivedAs(
  virusTotal: SubmitUrlServices['virusTotal'],
  url: string,
  sendingSince: number,
  limits: InvocationLimits,
): Promise<string | null> {
  const lookup = await virusTotal.url(url, { ...limits, cache: cacheUse('bypass') });
  if (lookup.status !== 'found') return null;
  const { sha256, lastAnalysisDate } = lookup.object;
  const isLater = (lastAnalysisDate ?? 0) * 1000 >= sendingSince - MERGED_MS;
  return isLater ? `u-${sha256}-${lastAnalysisDate}` : null;
}
