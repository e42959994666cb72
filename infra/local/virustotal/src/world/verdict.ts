/** The rule by which the simulator judges: the same content always gets the same verdict. */
import { ContentReader, type SeenContent } from './digests.ts';

/** What the engines will say, taken together. */
export type Verdict = 'clean' | 'suspicious' | 'malicious' | 'eicar';

/** A file or URL that holds one of these texts is judged so. */
export const markers = {
  malicious: 'simulated-malware',
  suspicious: 'simulated-suspicious',
} as const;

/** The EICAR test file (https://www.eicar.org/download-anti-malware-testfile/), never whole in a file. */
export function eicarBytes(): Buffer {
  const parts = ['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$', 'EICAR', '-STANDARD-', 'ANTIVIRUS'];
  return Buffer.from(`${parts.join('')}-TEST-FILE!$H+H*`);
}

/** A reader that looks for everything that decides a verdict. */
export function contentReader(): ContentReader {
  return new ContentReader(Object.values(markers));
}

/** Reads content that is at hand as a whole. */
export function seen(content: Buffer): SeenContent {
  const reader = contentReader();
  reader.add(content);
  return reader.end();
}

const eicarSha256 = seen(eicarBytes()).sha256;

/** Judges a file. */
export function verdictOfFile({ sha256, markers: found }: SeenContent): Verdict {
  if (sha256 === eicarSha256) return 'eicar';
  return verdictOfMarkers((marker) => found.includes(marker));
}

/** Judges by name: a URL, a host name. */
export function verdictOfText(text: string): Verdict {
  return verdictOfMarkers((marker) => text.includes(marker));
}

function verdictOfMarkers(has: (marker: string) => boolean): Verdict {
  if (has(markers.malicious)) return 'malicious';
  return has(markers.suspicious) ? 'suspicious' : 'clean';
}
