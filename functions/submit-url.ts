/** `submit_url`: sends a URL to be scanned. */
import { whyHostNotSent } from '../shared/indicators/not-sent.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { submitUrl } from '../shared/operations/catalogue.ts';
import { submitUrlNotSent, submitUrlQueued } from '../shared/operations/submit-url/map.ts';
import { openVirusTotal } from '../shared/services.ts';
import { canonicalUrlOf } from '../shared/virustotal/canonical-url.ts';

const virusTotal = await openVirusTotal(process.env);

/** Handler of `submit_url`. */
export const handler = lambda(submitUrl, async ({ url: { url, host } }, limits) => {
  const why = whyHostNotSent(host);
  if (why) return submitUrlNotSent(url, why);
  const { id } = await virusTotal.submitUrl(url, limits);
  return submitUrlQueued(canonicalUrlOf(url, id), id);
});
