/** Cases of `submit_url` and `url_reputation`. */
import { submitUrl, urlReputation } from '../../../shared/operations/catalogue.ts';
import { noOpinion, notSent, of, opinion, queued, running } from './case.ts';

/** Cases of `submit_url`. */
export const submitUrlCases = of(submitUrl, [
  {
    when: 'sent, canonical',
    input: { url: 'HXXP://user:pw@Example[.]com', upload: 'always' },
    expected: { response_code: 1, verbose_msg: queued, url: 'http://example.com/' },
    requests: 1,
  },
  {
    when: 'sent a moment ago',
    input: { url: 'hxxp://submitted[.]example[.]com' },
    expected: { response_code: 1, verbose_msg: queued, repeated: true },
    requests: 0,
  },
  {
    when: 'a host inside',
    input: { url: 'http://10.0.0.1/x' },
    expected: { response_code: 0, verbose_msg: notSent, scan_id: null },
    requests: 0,
  },
]);

/** Cases of `url_reputation`. */
export const urlCases = of(urlReputation, [
  {
    when: 'found',
    input: { url: 'hxxp://malware[.]example[.]com' },
    expected: { response_code: 1, ...opinion, verdict: { value: 'malicious' } },
    requests: 1,
  },
  {
    when: 'with a query that must not be cut',
    input: { url: 'http://unknown.example.com/?x=1&y=2#z' },
    expected: { response_code: 0, ...noOpinion, resource: 'http://unknown.example.com/?x=1&y=2#z' },
    requests: 1,
  },
  {
    when: 'being analysed',
    input: ({ urlScanId }) => ({ scan_id: urlScanId }),
    expected: { response_code: -2, verbose_msg: running, verdict: { value: 'pending' } },
    requests: 1,
  },
  {
    when: 'being analysed, by VirusTotal’s own id',
    input: ({ urlScanId }) => ({ scan_id: `u-${urlScanId}` }),
    expected: { response_code: -2, verdict: { value: 'pending' } },
    requests: 1,
  },
  {
    when: 'a name under a reserved domain',
    input: { url: 'http://wiki.internal/' },
    expected: { response_code: 0, verbose_msg: notSent, ...noOpinion },
    requests: 0,
  },
]);
