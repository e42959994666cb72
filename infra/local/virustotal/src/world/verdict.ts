/** Decides verdicts: the same content always gets the same verdict. */
import { ContentReader, type SeenContent } from './digests.ts';

/** The verdict that the results of all engines amount to. */
export type Verdict = 'clean' | 'suspicious' | 'malicious' | 'eicar';

/** A file or URL that contains one of these texts gets its verdict. */
export const markers = {
  malicious: 'simulated-malware',
  suspicious: 'simulated-suspicious',
} as const;

/** Returns the EICAR test file (https://www.eicar.org/download-anti-malware-testfile/), assembled in memory. */
export function eicarBytes(): Buffer {
  const parts = ['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$', 'EICAR', '-STANDARD-', 'ANTIVIRUS'];
  return Buffer.from(`${parts.join('')}-TEST-FILE!$H+H*`);
}

/** Creates a reader that collects everything that decides a verdict. */
export function contentReader(): ContentReader {
  return new ContentReader(Object.values(markers));
}

/** Reads complete content. */
export function seen(content: Buffer): SeenContent {
  const reader = contentReader();
  reader.add(content);
  return reader.end();
}

const eicarSha256 = seen(eicarBytes()).sha256;

export function verdictOfFile({ sha256, markers: found }: SeenContent): Verdict {
  if (sha256 === eicarSha256) return 'eicar';
  return verdictOfMarkers((marker) => found.includes(marker));
}

/** Returns the verdict for a URL or a host name. */
export function verdictOfText(text: string): Verdict {
  return verdictOfMarkers((marker) => text.includes(marker));
}

function verdictOfMarkers(has: (marker: string) => boolean): Verdict {
  if (has(markers.malicious)) return 'malicious';
  return has(markers.suspicious) ? 'suspicious' : 'clean';
}
