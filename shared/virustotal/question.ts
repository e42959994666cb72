/** What lookups ask VirusTotal: paths, ids and queries. */
import { urlSha256Of } from '../indicators/scan-id.ts';
import { canonicalCandidates } from './canonical-url.ts';
import { urlId } from './url-id.ts';

/** A lookup. */
export interface Question {
  /** Path with one `{id}`. */
  readonly template: string;
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  /** Other ids of the template by which the same object may be submitted. */
  readonly submittedAs: readonly string[];
}

/** A collection whose objects have lists of related objects. */
export type RelatedCollection = 'ip_addresses' | 'domains';

/** Lists that operations read of each object of a collection. */
export const relationships: Readonly<Record<RelatedCollection, readonly string[]>> = {
  ip_addresses: ['downloaded_files', 'referrer_files', 'urls'],
  domains: ['downloaded_files', 'urls'],
};

/** Most items of a page. */
const PAGE_SIZE = '40';

const question = (
  template: string,
  id: string,
  { query = {}, submittedAs = [] }: Partial<Pick<Question, 'query' | 'submittedAs'>> = {},
): Question => ({ template, id, query, submittedAs });

/** The report on a file, by MD5, SHA-1 or SHA-256. */
export const fileQuestion = (digest: string) => question('/files/{id}', digest);

/** The report on a URL, in any spelling. */
export const urlQuestion = (url: string) =>
  question('/urls/{id}', urlId(url), { submittedAs: canonicalCandidates(url) });

/** The report on a URL, by the SHA-256 of its canonical form. */
export const urlByIdQuestion = (sha256: string) => question('/urls/{id}', sha256);

/** The report on an IP address. */
export const ipQuestion = (ip: string) => question('/ip_addresses/{id}', ip);

/** The report on a domain, with siblings and subdomains inline. */
export const domainQuestion = (domain: string) =>
  question('/domains/{id}', domain, { query: { relationships: 'siblings,subdomains' } });

/** An analysis. */
export const analysisQuestion = (id: string) => question('/analyses/{id}', id);

/** The first page of a list of related objects. */
export const relatedQuestion = (collection: RelatedCollection, id: string, relationship: string) =>
  question(`/${collection}/{id}/${relationship}`, id, { query: { limit: PAGE_SIZE } });

/** What lookups of a submitted URL ask: as it is spelt, and by the SHA-256 of its canonical form. */
export function questionsAboutUrl(url: string, analysisId: string | number): Question[] {
  const sha256 = urlSha256Of(analysisId);
  const candidates = new Set([...canonicalCandidates(url), ...(sha256 === null ? [] : [sha256])]);
  return [urlQuestion(url), ...[...candidates].map(urlByIdQuestion)];
}
