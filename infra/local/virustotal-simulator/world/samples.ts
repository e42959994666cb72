/**
 * The samples: what the simulated VirusTotal knows from the start.
 *
 * Everything else follows rules:
 *
 * | asked for | answer |
 * |---|---|
 * | another file or URL | 404 until it is submitted and its analysis is completed |
 * | a submitted file or URL that holds `simulated-malware` / `simulated-suspicious` | malicious / suspicious, else clean |
 * | an address in 192.0.2.0/24 | 404 |
 * | another address | a clean report; without owner, number and country when private |
 * | a domain whose first label begins with `unknown` | 404 |
 * | another domain | a clean report |
 */
import { eicarBytes, type Verdict } from './verdict.ts';

/** One line of the table of samples. */
export interface Sample {
  readonly kind: 'file' | 'url' | 'ip_address' | 'domain';
  /** What to look up: for a file, its name. */
  readonly name: string;
  readonly verdict: Verdict | 'unknown' | 'never analysed';
  /** What is special about it. */
  readonly note: string;
}

/** A file that is known from the start. */
export interface FileSample {
  readonly names: readonly string[];
  readonly content: () => Buffer;
  /** Age of the report, days. */
  readonly ageDays: number;
}

/** Files that are known from the start. */
export const fileSamples: readonly FileSample[] = [
  { names: ['eicar.com', 'eicar.com.txt', 'eicar_test'], content: eicarBytes, ageDays: 1 },
  { names: ['empty.txt'], content: () => Buffer.alloc(0), ageDays: 1 },
  { names: ['clean.txt'], content: () => Buffer.from('simulated clean file\n'), ageDays: 1 },
  { names: ['old.txt'], content: () => Buffer.from('simulated old report\n'), ageDays: 400 },
];

/** The table: what can be asked for, and what is answered. */
export const samples: readonly Sample[] = [
  { kind: 'file', name: 'eicar.com', verdict: 'eicar', note: 'the EICAR test file' },
  { kind: 'file', name: 'empty.txt', verdict: 'clean', note: 'no bytes' },
  { kind: 'file', name: 'clean.txt', verdict: 'clean', note: 'holds "simulated clean file\\n"' },
  { kind: 'file', name: 'old.txt', verdict: 'clean', note: 'report of 400 days ago' },
  { kind: 'url', name: 'http://example.com/', verdict: 'clean', note: '' },
  { kind: 'url', name: 'http://malware.example.com/', verdict: 'malicious', note: '' },
  { kind: 'url', name: 'https://phishing.example.net/login', verdict: 'malicious', note: '' },
  { kind: 'url', name: 'http://suspicious.example.org/', verdict: 'suspicious', note: '' },
  {
    kind: 'ip_address',
    name: '198.51.100.1',
    verdict: 'clean',
    note: 'statistics off by one, as recorded',
  },
  {
    kind: 'ip_address',
    name: '198.51.100.99',
    verdict: 'never analysed',
    note: 'no owner, no results',
  },
  { kind: 'ip_address', name: '203.0.113.7', verdict: 'malicious', note: 'long lists' },
  { kind: 'ip_address', name: '203.0.113.8', verdict: 'suspicious', note: '' },
  { kind: 'ip_address', name: '192.0.2.1', verdict: 'unknown', note: 'and all of 192.0.2.0/24' },
  { kind: 'ip_address', name: '2001:db8::7', verdict: 'malicious', note: '' },
  { kind: 'domain', name: 'example.com', verdict: 'clean', note: '45 subdomains, 2 siblings' },
  { kind: 'domain', name: 'malware.example.com', verdict: 'malicious', note: 'long lists' },
  { kind: 'domain', name: 'phishing.example.net', verdict: 'malicious', note: 'long lists' },
  { kind: 'domain', name: 'suspicious.example.org', verdict: 'suspicious', note: '' },
  { kind: 'domain', name: 'quiet.example.org', verdict: 'never analysed', note: 'no results' },
  {
    kind: 'domain',
    name: 'unknown.example.org',
    verdict: 'unknown',
    note: 'and every name that begins so',
  },
];

/** What is known of an address or a domain by its name alone. */
export function sampleOf(kind: 'ip_address' | 'domain', name: string): Sample['verdict'] {
  const sample = samples.find((given) => given.kind === kind && given.name === name);
  if (sample) return sample.verdict;
  if (kind === 'domain') return name.startsWith('unknown') ? 'unknown' : 'clean';
  return name.startsWith('192.0.2.') ? 'unknown' : 'clean';
}
