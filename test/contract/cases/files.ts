/** Cases of `submit_sample` and `file_reputation`. */
import { createHash } from 'node:crypto';
import { eicarBytes } from '@local/virustotal';
import { expect } from 'vitest';
import { fileReputation, submitFile } from '../../../shared/operations/catalogue.ts';
import { noOpinion, of, opinion, queued, running } from './case.ts';

const digestOf = (algorithm: string, content: string | Buffer) =>
  createHash(algorithm).update(content).digest('hex');

/** Contents of the objects in the bucket, by key. */
export const objects: Readonly<Record<string, string | Buffer>> = {
  'eicar.com': eicarBytes(),
  'dir/a b+c%2B é.bin': 'an odd name',
  'new.bin': 'a file that is new to VirusTotal',
  'old.txt': 'simulated old report\n',
  // With the form around it, it is over what POST /files takes.
  'large.bin': Buffer.alloc(32_000_000, 'large'),
};

const eicar = digestOf('sha256', eicarBytes());
const fresh = digestOf('sha256', 'a file that is new to VirusTotal');
const unknownHash = digestOf('sha1', 'unknown to VirusTotal');

const digests = {
  md5: digestOf('md5', eicarBytes()),
  sha1: digestOf('sha1', eicarBytes()),
  sha256: eicar,
  resource: eicar,
};

const scanId = (sha256: string) => expect.stringMatching(new RegExp(`^${sha256}-[0-9]{10}$`));

/** Cases of `submit_sample`. */
export const submitFileCases = of(submitFile, [
  {
    when: 'sent',
    input: ({ copy }) => ({ key: copy('eicar.com') }),
    expected: { ...digests, response_code: 1, verbose_msg: queued, scan_id: scanId(eicar) },
    requests: 1,
  },
  {
    when: 'sent from a key with odd characters',
    input: { key: 'dir/a b+c%2B é.bin', upload: 'always' },
    expected: { response_code: 1, sha256: digestOf('sha256', 'an odd name') },
    requests: 1,
  },
  {
    when: 'sent a moment ago',
    input: { key: 'new.bin' },
    expected: { sha256: fresh, response_code: 1, scan_id: scanId(fresh), repeated: true },
    requests: 0,
  },
  {
    when: 'an older version',
    input: ({ oldVersion }) => ({
      key: 'versioned.txt',
      versionId: oldVersion,
      upload: 'always',
    }),
    expected: { response_code: 1, sha256: digestOf('sha256', 'first version') },
    requests: 1,
  },
  {
    when: 'known already',
    input: { key: 'eicar.com', upload: 'if-unknown' },
    expected: { ...digests, response_code: 1, scan_id: scanId(eicar) },
    requests: 1,
  },
  {
    when: 'not known yet',
    input: ({ copy }) => ({ key: copy('new.bin'), upload: 'if-unknown' }),
    expected: { sha256: fresh, response_code: 1, verbose_msg: queued, scan_id: scanId(fresh) },
    requests: 2,
  },
  {
    when: 'known by an old report',
    input: ({ copy }) => ({
      key: copy('old.txt'),
      upload: 'if-unknown',
      maxReportAgeDays: 399,
    }),
    expected: { response_code: 1, verbose_msg: queued },
    requests: 2,
  },
  {
    when: 'asked by digest only',
    input: { key: 'new.bin', upload: 'never' },
    expected: { sha256: fresh, response_code: 0, scan_id: null, permalink: null },
    requests: 1,
  },
  {
    when: 'sent by an upload URL',
    input: { key: 'large.bin', upload: 'always' },
    expected: { response_code: 1, verbose_msg: queued },
    requests: 2,
  },
  {
    when: 'refused because VirusTotal has it (409)',
    input: { key: 'eicar.com', upload: 'always' },
    expected: { ...digests, response_code: 1 },
    requests: 2,
    fault: { kind: 'already-exists', match: { method: 'POST', path: '/files' } },
  },
]);

/** Cases of `file_reputation`. */
export const fileCases = of(fileReputation, [
  {
    when: 'found by MD5',
    input: { hash: ` ${digests.md5.toUpperCase()} ` },
    expected: { response_code: 1, ...opinion, verdict: { value: 'malicious' } },
    requests: 1,
  },
  {
    when: 'unknown',
    input: { hash: unknownHash },
    expected: { response_code: 0, ...noOpinion, scans: {}, verdict: { value: 'unknown' } },
    requests: 1,
  },
  {
    when: 'being analysed',
    input: ({ fileScanId }) => ({ scan_id: fileScanId }),
    expected: { response_code: -2, verbose_msg: running, verdict: { value: 'pending' } },
    requests: 1,
  },
  {
    when: 'being analysed, by VirusTotal’s own id',
    input: ({ fileScanId }) => ({ scan_id: nativeFileId(fileScanId) }),
    expected: { response_code: -2, verdict: { value: 'pending' } },
    requests: 1,
  },
]);

/** The id that VirusTotal gives an analysis of `new.bin`. */
function nativeFileId(id: string): string {
  const epoch = id.split('-')[1];
  const md5 = digestOf('md5', 'a file that is new to VirusTotal');
  return Buffer.from(`${md5}:${epoch}`).toString('base64');
}
