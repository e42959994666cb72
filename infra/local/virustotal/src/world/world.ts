/** The state of the simulated VirusTotal. */
import { isIP } from 'node:net';
import { Analyses, type Analysis, type Timing } from './analyses.ts';
import { sha256Of } from './digests.ts';
import { Files } from './files.ts';
import { fileSamples, sampleOf, samples } from './samples.ts';
import { Urls } from './urls.ts';
import { seen, type Verdict, verdictOfText } from './verdict.ts';

const DAY_SECONDS = 86_400;

/** Files, URLs and analyses, and when the simulator started. */
export interface World {
  readonly timing: Timing;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly analyses: Analyses;
  readonly files: Files;
  readonly urls: Urls;
}

/** Creates a world with the samples. */
export function createWorld(timing: Timing): World {
  const startedAt = Math.floor(timing.now() / 1000);
  const analyses = new Analyses(timing);
  const files = new Files(analyses);
  const urls = new Urls(analyses);
  for (const { names, content, ageDays } of fileSamples) {
    files.know(seen(content()), names, startedAt - ageDays * DAY_SECONDS);
  }
  for (const { id, verdict } of samples.filter(({ kind }) => kind === 'url')) {
    if (isVerdict(verdict)) urls.know(id, verdict, startedAt - DAY_SECONDS);
  }
  return { timing, startedAt, analyses, files, urls };
}

/** Returns the date of the report of an IP address or a domain, epoch seconds, or null without one. */
export function siteReportDate(
  { analyses, startedAt }: World,
  kind: 'ip_address' | 'domain',
  name: string,
): number | null {
  const before = sampleOf(kind, name) === 'never analysed' ? null : startedAt - DAY_SECONDS;
  return analyses.lastCompleted(kind, name) ?? before;
}

/** Starts or joins the analysis of an IP address or a domain; its id has the documented form. */
export function analyseSite(
  { analyses }: World,
  kind: 'ip_address' | 'domain',
  name: string,
): Analysis {
  const letter = kind === 'domain' ? 'd' : 'i';
  return analyses.start(kind, name, (epoch) => `${letter}-${sha256Of(name)}-${epoch}`);
}

/** Returns the verdict for an IP address or a domain: from the samples, else from its name. */
export function verdictOfSite(kind: 'ip_address' | 'domain', name: string): Verdict {
  const verdict = sampleOf(kind, name);
  return isVerdict(verdict) && verdict !== 'clean' ? verdict : verdictOfText(name);
}

/** Returns the verdict for a URL: from its host, else from its text. */
export function verdictOfUrl(url: string): Verdict {
  const host = (URL.parse(url)?.hostname ?? '').replace(/^\[|\]$/g, '');
  const byHost = verdictOfSite(isIP(host) ? 'ip_address' : 'domain', host);
  return byHost === 'clean' ? verdictOfText(url) : byHost;
}

function isVerdict(text: string): text is Verdict {
  return ['clean', 'suspicious', 'malicious', 'eicar'].includes(text);
}
