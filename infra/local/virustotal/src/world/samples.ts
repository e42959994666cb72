/**
 * The samples that the simulated VirusTotal knows from the start. Rules decide the rest:
 *
 * | request | answer |
 * |---|---|
 * | any other file or URL | 404 until its analysis is completed |
 * | a submitted file or URL | malicious if it contains `simulated-malware`, suspicious if it contains `simulated-suspicious`, else clean |
 * | an IP address in 192.0.2.0/24 | 404 |
 * | any other IP address | a clean report; if the address is private, without owner, ASN and country |
 * | a domain whose first label begins with `unknown` | 404 |
 * | any other domain | a clean report |
 */
import { eicarBytes, seen, type Verdict, verdictOfFile } from './verdict.ts';

/** A sample. */
export interface Sample {
  readonly kind: 'file' | 'url' | 'ip_address' | 'domain';
  /** SHA-256, URL, IP address or domain. */
  readonly id: string;
  readonly verdict: Verdict | 'unknown' | 'never analysed';
  /** What is special about it, or empty. */
  readonly note: string;
}

/** A file among the samples. */
export interface FileSample {
  readonly names: readonly string[];
  readonly content: () => Buffer;
  /** Age of the report, days. */
  readonly ageDays: number;
  readonly note: string;
}

export const fileSamples: readonly FileSample[] = [
  {
    names: ['eicar.com', 'eicar.com.txt', 'eicar_test'],
    content: eicarBytes,
    ageDays: 1,
    note: 'the EICAR test file',
  },
  { names: ['empty.txt'], content: () => Buffer.alloc(0), ageDays: 1, note: 'no bytes' },
  {
    names: ['clean.txt'],
    content: () => Buffer.from('simulated clean file\n'),
    ageDays: 1,
    note: '"simulated clean file", new line',
  },
  {
    names: ['old.txt'],
    content: () => Buffer.from('simulated old report\n'),
    ageDays: 400,
    note: '"simulated old report", new line; its report is 400 days old',
  },
];

type Row = readonly [kind: Sample['kind'], id: string, verdict: Sample['verdict'], note: string];

const rows: readonly Row[] = [
  ['url', 'http://example.com/', 'clean', ''],
  ['url', 'http://malware.example.com/', 'malicious', ''],
  ['url', 'https://phishing.example.net/login', 'malicious', ''],
  ['url', 'http://suspicious.example.org/', 'suspicious', ''],
  ['ip_address', '198.51.100.1', 'clean', 'statistics off by one from the results, as recorded'],
  ['ip_address', '198.51.100.99', 'never analysed', 'no owner, no results'],
  ['ip_address', '203.0.113.7', 'malicious', 'long lists'],
  ['ip_address', '203.0.113.8', 'suspicious', ''],
  ['ip_address', '192.0.2.1', 'unknown', 'like all of 192.0.2.0/24'],
  ['ip_address', '2001:db8::7', 'malicious', 'long lists'],
  ['domain', 'example.com', 'clean', '45 subdomains, 2 siblings'],
  ['domain', 'malware.example.com', 'malicious', 'long lists'],
  ['domain', 'phishing.example.net', 'malicious', 'long lists'],
  ['domain', 'suspicious.example.org', 'suspicious', ''],
  ['domain', 'quiet.example.org', 'never analysed', 'no results'],
  ['domain', 'unknown.example.org', 'unknown', 'like every name that begins with "unknown"'],
];

/** All samples. */
export const samples: readonly Sample[] = [
  ...fileSamples.map(({ names, content, note }): Sample => {
    const file = seen(content());
    return {
      kind: 'file',
      id: file.sha256,
      verdict: verdictOfFile(file),
      note: `${names[0]}: ${note}`,
    };
  }),
  ...rows.map(([kind, id, verdict, note]): Sample => ({ kind, id, verdict, note })),
];

/** Returns the verdict of an IP address or a domain. */
export function sampleOf(kind: 'ip_address' | 'domain', name: string): Sample['verdict'] {
  const sample = samples.find((candidate) => candidate.kind === kind && candidate.id === name);
  if (sample) return sample.verdict;
  if (kind === 'domain') return name.startsWith('unknown') ? 'unknown' : 'clean';
  return name.startsWith('192.0.2.') ? 'unknown' : 'clean';
}
