/** The VirusTotal API v3 client: https://docs.virustotal.com/reference/overview. */

import type { Limits } from '../limits.ts';
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
import { lookUp, relatedPage } from './lookups.ts';
import type { RetryEvent, Sender } from './send.ts';
import { parseServer } from './server.ts';
import { formBody, queueAnalysis, sendFile } from './submissions.ts';
import { urlId } from './url-id.ts';

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
  /** One page of related objects; `forbidden` if the key may not read them. */
  related(
    collection: 'ip_addresses' | 'domains',
    id: string,
    relationship: string,
    limits: Limits,
  ): Promise<RelatedPage | 'forbidden'>;
  /** Queues an analysis of a URL. */
  submitUrl(url: string, limits: Limits): Promise<AnalysisDescriptor>;
  /** Sends a file. @throws ObjectTooLargeError before anything is sent */
  submitFile(file: FileUpload, limits: Limits): Promise<AnalysisDescriptor | 'already-exists'>;
  /** Queues a new analysis of a file that VirusTotal has. */
  reanalyseFile(sha256: string, limits: Limits): Promise<AnalysisDescriptor>;
}

/**
 * Creates a client; the first call opens a connection.
 *
 * @throws Error if the server URL is malformed
 */
export function createVirusTotalClient(options: ClientOptions): VirusTotalClient {
  const { verifyTls, maxAnswerBytes = 3 * 1024 * 1024, now = Date.now } = options;
  const server = parseServer(options.serverUrl);
  const sender: Sender = {
    transport: createTransport({ verifyTls, maxAnswerBytes, now }),
    apiKey: options.apiKey,
    gate: options.gate,
    userId: options.userId ?? null,
    server,
    userAgent: options.userAgent ?? 'virustotal-connector',
    now,
    random: options.random ?? Math.random,
    onRetry: options.onRetry ?? (() => {}),
  };
  return {
    file: (digest, limits) => lookUp(sender, fileObject, '/files/{id}', digest, limits),
    url: (url, limits) => lookUp(sender, urlObject, '/urls/{id}', urlId(url), limits),
    urlById: (sha256, limits) => lookUp(sender, urlObject, '/urls/{id}', sha256, limits),
    ipAddress: (ip, limits) => lookUp(sender, ipObject, '/ip_addresses/{id}', ip, limits),
    domain: (domain, limits) =>
      lookUp(sender, domainObject, '/domains/{id}', domain, limits, {
        relationships: 'siblings,subdomains',
      }),
    analysis: (id, limits) => lookUp(sender, analysisObject, '/analyses/{id}', id, limits),
    related: (collection, id, relationship, limits) =>
      relatedPage(sender, `/${collection}/{id}/${relationship}`, id, limits),
    submitUrl: (url, limits) => queueAnalysis(sender, '/urls', [], limits, formBody({ url })),
    submitFile: (file, limits) => sendFile(sender, file, limits),
    reanalyseFile: (sha256, limits) =>
      queueAnalysis(sender, '/files/{id}/analyse', [sha256], limits),
  };
}
