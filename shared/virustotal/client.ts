/** The VirusTotal API v3 client: https://docs.virustotal.com/reference/overview. */

import { analysisEpoch } from '../indicators/scan-id.ts';
import type { Limits } from '../limits.ts';
import { type AnswerCache, noCache } from './answer-cache.ts';
import {
  type AnalysisDescriptor,
  type AnalysisObject,
  analysisObject,
  type DomainObject,
  domainObject,
  type FileObject,
  fileObject,
  type IpObject,
  ipObject,
  type Lookup,
  type RelatedPage,
  type UrlObject,
  urlObject,
} from './answers/index.ts';
import type { ApiKeySource } from './api-key-source.ts';
import type { Gate } from './gate.ts';
import type { FileUpload } from './http/multipart.ts';
import { createTransport } from './http/transport.ts';
import { always, ifAnalysed, ifCompleted } from './keepable.ts';
import { type LookupServices, lookUp, relatedPage } from './lookups.ts';
import {
  analysisQuestion,
  domainQuestion,
  fileQuestion,
  ipQuestion,
  questionsAboutUrl,
  type RelatedCollection,
  relatedQuestion,
  urlByIdQuestion,
  urlQuestion,
} from './question.ts';
import type { RetryEvent } from './send.ts';
import { parseServer } from './server.ts';
import { formBody, mayHaveArrived, queueAnalysis, sendFile } from './submissions.ts';

/** What a client needs. */
export interface ClientOptions {
  /** Server, in a form that `parseServer` accepts. */
  readonly serverUrl: string;
  /** Whether to verify the server's certificate; affects only this client. */
  readonly verifyTls: boolean;
  /** Longest answer that fits the memory, bytes; parsing takes up to ten times as much. @default 3 MiB */
  readonly maxAnswerBytes?: number;
  /** Where the key comes from. */
  readonly apiKey: ApiKeySource;
  /** Admits every request. */
  readonly gate: Gate;
  /** Keeps answers to lookups. @default nothing is kept */
  readonly cache?: AnswerCache | undefined;
  /** The account's user id, by which its quotas are read. @default they are not read */
  readonly userId?: string | undefined;
  /** Called before every retry. @default no callback */
  readonly onRetry?: (event: RetryEvent) => void;
  /** Name in the `User-Agent` header. @default virustotal-connector */
  readonly userAgent?: string;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** From 0 to below 1, for jitter. @default Math.random */
  readonly random?: () => number;
}

/**
 * VirusTotal's API. Every method throws ApiKeyError, ForbiddenByVirusTotalError, InvalidInputError,
 * QuotaExceededError, UpstreamError, UpstreamUnavailableError or UpstreamTimeoutError.
 */
export interface VirusTotalClient {
  /** The report on a file, by MD5, SHA-1 or SHA-256. */
  file(digest: string, limits: Limits): Promise<Lookup<FileObject>>;
  /** The report on a URL, in any spelling. */
  url(url: string, limits: Limits): Promise<Lookup<UrlObject>>;
  /** The report on a URL, by the SHA-256 of its canonical form. */
  urlById(sha256: string, limits: Limits): Promise<Lookup<UrlObject>>;
  /** The report on an IP address. */
  ipAddress(ip: string, limits: Limits): Promise<Lookup<IpObject>>;
  /** The report on a domain, with siblings and subdomains inline. */
  domain(domain: string, limits: Limits): Promise<Lookup<DomainObject>>;
  /** An analysis, by VirusTotal's own id. */
  analysis(id: string, limits: Limits): Promise<Lookup<AnalysisObject>>;
  /** One page of related objects; `forbidden` if the key may not read them, `not-cached` if it must not be asked for. */
  related(
    collection: RelatedCollection,
    id: string,
    relationship: string,
    limits: Limits,
  ): Promise<RelatedPage | 'forbidden' | 'not-cached'>;
  /** Queues an analysis of a URL. */
  submitUrl(url: string, limits: Limits): Promise<AnalysisDescriptor>;
  /** Sends a file. @throws ObjectTooLargeError before anything is sent */
  submitFile(file: FileUpload, limits: Limits): Promise<AnalysisDescriptor | 'already-exists'>;
  /** Queues a new analysis of a file that VirusTotal has. */
  reanalyseFile(sha256: string, limits: Limits): Promise<AnalysisDescriptor>;
  /**
   * Forgets the cached reports on a file of which an analysis is queued, or may be. Does not throw.
   *
   * @param digests - MD5, SHA-1 and SHA-256
   * @param epoch - when the analysis was queued, epoch seconds; null: now
   */
  forgetFile(digests: readonly string[], epoch: number | null, limits: Limits): Promise<void>;
}

/**
 * Creates a client; the first call opens a connection.
 *
 * @throws Error if the server URL is malformed
 */
export function createVirusTotalClient(options: ClientOptions): VirusTotalClient {
  const { verifyTls, maxAnswerBytes = 3 * 1024 * 1024, now = Date.now } = options;
  const services: LookupServices = {
    transport: createTransport({ verifyTls, maxAnswerBytes, now }),
    apiKey: options.apiKey,
    gate: options.gate,
    cache: options.cache ?? noCache,
    userId: options.userId ?? null,
    server: parseServer(options.serverUrl),
    userAgent: options.userAgent ?? 'virustotal-connector',
    now,
    random: options.random ?? Math.random,
    onRetry: options.onRetry ?? (() => {}),
  };
  return { ...lookupsOf(services), ...submissionsOf(services) };
}

type LookupName = 'file' | 'url' | 'urlById' | 'ipAddress' | 'domain' | 'analysis' | 'related';

function lookupsOf(services: LookupServices): Pick<VirusTotalClient, LookupName> {
  return {
    file: (digest, limits) =>
      lookUp(services, fileObject, fileQuestion(digest), limits, ifAnalysed),
    url: (url, limits) => lookUp(services, urlObject, urlQuestion(url), limits, ifAnalysed),
    urlById: (sha256, limits) =>
      lookUp(services, urlObject, urlByIdQuestion(sha256), limits, ifAnalysed),
    ipAddress: (ip, limits) => lookUp(services, ipObject, ipQuestion(ip), limits, always),
    domain: (domain, limits) =>
      lookUp(services, domainObject, domainQuestion(domain), limits, always),
    analysis: (id, limits) =>
      lookUp(services, analysisObject, analysisQuestion(id), limits, ifCompleted),
    related: (collection, id, relationship, limits) =>
      relatedPage(services, relatedQuestion(collection, id, relationship), limits),
  };
}

function submissionsOf(services: LookupServices): Omit<VirusTotalClient, LookupName> {
  return {
    async submitUrl(url, limits) {
      const forget = (analysisId: string | number, epoch: number | null) =>
        services.cache.forget(questionsAboutUrl(url, analysisId), epoch, limits);
      const body = formBody({ url });
      const queued = await queueAnalysis(services, '/urls', [], limits, body).catch(
        async (error: unknown) => {
          if (mayHaveArrived(error)) await forget('', null);
          throw error;
        },
      );
      await forget(queued.id, analysisEpoch(queued.id));
      return queued;
    },
    submitFile: (file, limits) => sendFile(services, file, limits),
    reanalyseFile: (sha256, limits) =>
      queueAnalysis(services, '/files/{id}/analyse', [sha256], limits),
    forgetFile: (digests, epoch, limits) =>
      services.cache.forget(digests.map(fileQuestion), epoch, limits),
  };
}
