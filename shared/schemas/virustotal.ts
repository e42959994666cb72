/**
 * VirusTotal's answers, checked at the edge and flattened: strict in shape (an object has an id),
 * tolerant in attributes (any may be absent or odd, and is null then).
 *
 * Attributes: https://docs.virustotal.com/reference/files, .../url-object, .../ip-object,
 * .../domains-object, .../analyses-object.
 */
import * as z from 'zod/mini';
import { type EngineResults, engineResults, noResults } from './engine-results.ts';

const tolerant = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullable(schema), null);
const text = tolerant(z.string());
const whole = tolerant(z.int());
const epoch = tolerant(z.int().check(z.nonnegative(), z.maximum(253_402_300_799)));
const anything = z.optional(z.unknown());

const analysed = {
  last_analysis_date: epoch,
  last_analysis_results: anything,
  last_analysis_stats: anything,
};

/** A file that VirusTotal knows. */
export interface FileObject {
  readonly sha256: string;
  /** Epoch seconds; null while the first analysis runs. */
  readonly lastAnalysisDate: number | null;
  readonly lastSubmissionDate: number | null;
  readonly firstSubmissionDate: number | null;
  readonly results: EngineResults;
  readonly threatLabel: string | null;
  readonly typeDescription: string | null;
}

const sha256 = z.pipe(
  z.string().check(z.regex(/^[0-9A-Fa-f]{64}$/)),
  z.transform((id: string) => id.toLowerCase()),
);

/** Answer to `GET /files/{id}`. */
export const fileObject = z.pipe(
  z.object({
    data: z.object({
      id: sha256,
      attributes: z.object({
        ...analysed,
        first_submission_date: epoch,
        last_submission_date: epoch,
        type_description: text,
        popular_threat_classification: tolerant(z.object({ suggested_threat_label: text })),
      }),
    }),
  }),
  z.transform(
    ({ data: { id, attributes: a } }): FileObject => ({
      sha256: id,
      lastAnalysisDate: a.last_analysis_date,
      lastSubmissionDate: a.last_submission_date,
      firstSubmissionDate: a.first_submission_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
      threatLabel: a.popular_threat_classification?.suggested_threat_label ?? null,
      typeDescription: a.type_description,
    }),
  ),
);

/** A URL that VirusTotal knows. */
export interface UrlObject {
  /** SHA-256 of the canonical URL. */
  readonly sha256: string;
  /** The canonical URL. */
  readonly url: string | null;
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
}

/** Answer to `GET /urls/{id}`. */
export const urlObject = z.pipe(
  z.object({
    data: z.object({ id: sha256, attributes: z.object({ ...analysed, url: text }) }),
  }),
  z.transform(
    ({ data: { id, attributes: a } }): UrlObject => ({
      sha256: id,
      url: a.url,
      lastAnalysisDate: a.last_analysis_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
    }),
  ),
);

/** An IP address that VirusTotal knows. */
export interface IpObject {
  readonly asOwner: string | null;
  readonly asn: number | null;
  readonly country: string | null;
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
}

/** Answer to `GET /ip_addresses/{ip}`. */
export const ipObject = z.pipe(
  z.object({
    data: z.object({
      id: z.string(),
      attributes: z.object({ ...analysed, as_owner: text, asn: whole, country: text }),
    }),
  }),
  z.transform(
    ({ data: { attributes: a } }): IpObject => ({
      asOwner: a.as_owner,
      asn: a.asn,
      country: a.country,
      lastAnalysisDate: a.last_analysis_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
    }),
  ),
);

/** Names related to a domain, as an answer carries them inline. */
export interface RelatedNames {
  readonly names: readonly string[];
  /** Whether VirusTotal has more. */
  readonly isCut: boolean;
}

/** A domain that VirusTotal knows. */
export interface DomainObject {
  /** Category by vendor. */
  readonly categories: readonly string[] | null;
  readonly whois: string | null;
  /** Epoch seconds. */
  readonly whoisDate: number | null;
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
  readonly siblings: RelatedNames | null;
  readonly subdomains: RelatedNames | null;
}

const more = {
  meta: tolerant(z.object({ cursor: text, count: whole })),
  links: tolerant(z.object({ next: text })),
};
const inlineNames = tolerant(z.object({ data: z.array(z.unknown()), ...more }));

/** Answer to `GET /domains/{domain}?relationships=siblings,subdomains`. */
export const domainObject = z.pipe(
  z.object({
    data: z.object({
      id: z.string(),
      attributes: z.object({
        ...analysed,
        categories: tolerant(z.record(z.string(), z.unknown())),
        whois: text,
        whois_date: whole,
      }),
      relationships: tolerant(z.object({ siblings: inlineNames, subdomains: inlineNames })),
    }),
  }),
  z.transform(
    ({ data: { attributes: a, relationships } }): DomainObject => ({
      categories: a.categories && Object.values(a.categories).filter(isText),
      whois: a.whois,
      whoisDate: a.whois_date,
      lastAnalysisDate: a.last_analysis_date,
      results: engineResults(a.last_analysis_results, a.last_analysis_stats),
      siblings: relatedNames(relationships?.siblings),
      subdomains: relatedNames(relationships?.subdomains),
    }),
  ),
);

/** An object of a list: a file or a URL. */
export interface RelatedObject {
  /** SHA-256 of a file; id of a URL. */
  readonly id: string;
  readonly url: string | null;
  readonly lastAnalysisDate: number | null;
  readonly results: EngineResults;
}

/** One page of a list of related objects. */
export interface RelatedPage {
  /** Only those that VirusTotal still has. */
  readonly objects: readonly RelatedObject[];
  /** Whether VirusTotal has more. */
  readonly isCut: boolean;
}

const relatedObject = z.object({
  id: z.string(),
  attributes: z.object({ ...analysed, url: text }),
});

/** Answer to `GET /{collection}/{id}/{relationship}`; items without attributes are gone and left out. */
export const relatedObjects = z.pipe(
  z.object({ data: z.array(z.unknown()), ...more }),
  z.transform(
    (page): RelatedPage => ({
      objects: page.data.flatMap((item) => {
        const parsed = relatedObject.safeParse(item);
        if (!parsed.success) return [];
        const { id, attributes: a } = parsed.data;
        const results = engineResults(a.last_analysis_results, a.last_analysis_stats);
        return [{ id, url: a.url, lastAnalysisDate: a.last_analysis_date, results }];
      }),
      isCut: isCut(page),
    }),
  ),
);

/** An analysis, running or done. */
export interface AnalysisObject {
  readonly isCompleted: boolean;
  /** When it was queued, epoch seconds. */
  readonly date: number | null;
  readonly results: EngineResults;
  /** SHA-256 of the file. */
  readonly fileSha256: string | null;
  /** SHA-256 of the canonical URL. */
  readonly urlSha256: string | null;
  /** The canonical URL. */
  readonly url: string | null;
}

/** Answer to `GET /analyses/{id}`. */
export const analysisObject = z.pipe(
  z.object({
    data: z.object({
      attributes: z.object({ date: epoch, status: z.string(), results: anything, stats: anything }),
    }),
    meta: tolerant(
      z.object({
        file_info: tolerant(z.object({ sha256: tolerant(sha256) })),
        url_info: tolerant(z.object({ id: tolerant(sha256), url: text })),
      }),
    ),
  }),
  z.transform(({ data: { attributes: a }, meta }): AnalysisObject => {
    const isCompleted = a.status === 'completed';
    return {
      isCompleted,
      date: a.date,
      results: isCompleted ? engineResults(a.results, a.stats) : noResults,
      fileSha256: meta?.file_info?.sha256 ?? null,
      urlSha256: meta?.url_info?.id ?? null,
      url: meta?.url_info?.url ?? null,
    };
  }),
);

/** What a submission is answered: the id of its analysis, a text or, as recorded, a bare number. */
export interface AnalysisDescriptor {
  readonly id: string | number;
}

/** Answer to a submission. */
export const analysisDescriptor = z.pipe(
  z.object({ data: z.object({ id: z.union([z.string().check(z.minLength(1)), z.int()]) }) }),
  z.transform(({ data: { id } }): AnalysisDescriptor => ({ id })),
);

/** Answer to `GET /files/upload_url`. */
export const uploadUrl = z.pipe(
  z.object({ data: z.string() }),
  z.transform(({ data }) => data),
);

const allowance = tolerant(z.object({ allowed: whole, used: whole }));
const quota = tolerant(z.object({ user: allowance, group: allowance }));

/** Answer to `GET /users/{id}/overall_quotas`. */
export const overallQuotas = z.pipe(
  z.object({ data: z.object({ api_requests_daily: quota, api_requests_monthly: quota }) }),
  z.transform(({ data }) => ({
    isDaySpent: isSpent(data.api_requests_daily),
    isMonthSpent: isSpent(data.api_requests_monthly),
  })),
);

/** A quota is spent by the user or by the user's group; one of nothing is none. */
function isSpent(quotas: z.infer<typeof quota>): boolean {
  return [quotas?.user, quotas?.group].some(
    (given) => given?.allowed && given.used !== null && given.used >= given.allowed,
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

interface Cuttable {
  readonly meta: { readonly cursor: string | null } | null;
  readonly links: { readonly next: string | null } | null;
}

/** `meta.cursor` and `links.next` are both absent on the last page. */
function isCut({ meta, links }: Cuttable): boolean {
  return Boolean(meta?.cursor || links?.next);
}

function relatedNames(list: z.infer<typeof inlineNames> | undefined): RelatedNames | null {
  if (!list) return null;
  const names = list.data.flatMap((item) => {
    const id = typeof item === 'object' && item && 'id' in item ? item.id : undefined;
    return isText(id) ? [id] : [];
  });
  const total = list.meta?.count ?? 0;
  return { names, isCut: isCut(list) || total > list.data.length };
}
