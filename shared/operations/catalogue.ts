/**
 * The operation catalogue: the one source for routes, schemas, the OpenAPI document, the stack, the
 * local run and the contract tests.
 *
 * Every operation is a constant of its own, so that a function's bundle holds only what it uses.
 */
import type * as z from 'zod/mini';
import type { ErrorName } from '../errors.ts';
import { domainReputationRequest } from './domain-reputation/input.ts';
import { fileReputationRequest } from './file-reputation/input.ts';
import { ipReputationRequest } from './ip-reputation/input.ts';
import type { Outputs } from './outputs.ts';
import { submissionRequest } from './submission-status/input.ts';
import { submitFileRequest } from './submit-file/input.ts';
import { submitUrlRequest } from './submit-url/input.ts';
import { urlReputationRequest } from './url-reputation/input.ts';

/** A parameter of an HTTP route. */
export interface RouteParameter {
  /** Name in the route or in the query string. */
  readonly name: string;
  /** Where it stands. */
  readonly in: 'path' | 'query';
  /** Properties of the direct input that this parameter fills (the first whose form fits). */
  readonly fills: readonly string[];
}

/** How an operation is reached over HTTP. */
export interface Route {
  /** HTTP method. A POST takes the direct input as its JSON body. */
  readonly method: 'GET' | 'POST';
  /** Path template below the stage, for example `/files/{resource}`. */
  readonly path: string;
  /** Path and query parameters; empty for a POST. */
  readonly parameters: readonly RouteParameter[];
}

/** One operation: everything that is known of it outside its function. */
export interface Operation<Input extends z.ZodMiniType = z.ZodMiniType> {
  /** Annotation, `operationId` in the OpenAPI document, and name of its output, for example `ip_reputation`. */
  readonly name: keyof Outputs;
  /** Construct id and prefix of the stack's output, for example `IpReputation`. */
  readonly id: string;
  /** Stem of the function's file, for example `ip-reputation`. */
  readonly stem: string;
  /** One line for tables. */
  readonly summary: string;
  /** What it does, for the OpenAPI document. */
  readonly description: string;
  /** The HTTP route. */
  readonly route: Route;
  /** Schema of the direct input. */
  readonly input: Input;
  /** Names of the errors that this operation can end with. */
  readonly errors: readonly ErrorName[];
  /** A direct input that works against the simulator (given the object, for `submit_sample`). */
  readonly example: Readonly<Record<string, unknown>>;
}

const lookupErrors: readonly ErrorName[] = [
  'InvalidInputError',
  'QuotaExceededError',
  'ApiKeyError',
  'ForbiddenByVirusTotalError',
  'UpstreamError',
  'UpstreamUnavailableError',
  'UpstreamTimeoutError',
];

// A spread, or a call that might do something, would keep it in every bundle.
const submitFileErrors = /* @__PURE__ */ lookupErrors.concat(
  'ObjectNotFoundError',
  'ObjectAccessDeniedError',
  'ObjectTooLargeError',
);

const detailsParameter: RouteParameter = { name: 'details', in: 'query', fills: ['details'] };
const policyParameter: RouteParameter = { name: 'policy', in: 'query', fills: ['policy'] };

/** `submit_sample`: sends a file, named by its S3 bucket and key, to VirusTotal. */
export const submitFile = {
  name: 'submit_sample',
  id: 'SubmitFile',
  stem: 'submit-file',
  summary: 'Sends a file, named by its S3 bucket and key, to VirusTotal.',
  description:
    'Streams an S3 object to VirusTotal while computing its MD5, SHA-1 and SHA-256, and returns the scan_id to poll with file_reputation. What is sent becomes visible to VirusTotal partners and customers; upload "never" sends the digest only.',
  route: { method: 'POST', path: '/files', parameters: [] },
  input: submitFileRequest,
  errors: submitFileErrors,
  example: { key: 'eicar.com' },
} as const satisfies Operation;

/** `submit_url`: sends a URL to be scanned. */
export const submitUrl = {
  name: 'submit_url',
  id: 'SubmitUrl',
  stem: 'submit-url',
  summary: 'Sends a URL to be scanned.',
  description:
    'Queues a scan of a URL and returns the scan_id to poll with url_reputation. The URL becomes visible to the VirusTotal community; credentials in it are stripped.',
  route: { method: 'POST', path: '/urls', parameters: [] },
  input: submitUrlRequest,
  errors: lookupErrors,
  example: { url: 'https://example.com/' },
} as const satisfies Operation;

/** `file_reputation`: VirusTotal's report on a digest or a finished analysis. */
export const fileReputation = {
  name: 'file_reputation',
  id: 'FileReputation',
  stem: 'file-reputation',
  summary: "Returns VirusTotal's report on a hash.",
  description:
    'Returns the report on a file by MD5, SHA-1 or SHA-256, or the state of an analysis by scan_id. Unknown is an answer (response_code 0), not an error, and never means clean.',
  route: {
    method: 'GET',
    path: '/files/{resource}',
    parameters: [{ name: 'resource', in: 'path', fills: ['hash', 'scan_id'] }, policyParameter],
  },
  input: fileReputationRequest,
  errors: lookupErrors,
  example: { hash: '44d88612fea8a8f36de82e1278abb02f' },
} as const satisfies Operation;

/** `ip_reputation`: VirusTotal's report on an IP address. */
export const ipReputation = {
  name: 'ip_reputation',
  id: 'IpReputation',
  stem: 'ip-reputation',
  summary: "Returns VirusTotal's report on an IP address.",
  description:
    'Returns the report on an IPv4 or IPv6 address. Addresses that are not globally routable are not sent to VirusTotal and answer response_code 0.',
  route: {
    method: 'GET',
    path: '/ip-addresses/{ip}',
    parameters: [{ name: 'ip', in: 'path', fills: ['ip'] }, detailsParameter, policyParameter],
  },
  input: ipReputationRequest,
  errors: lookupErrors,
  example: { ip: '203.0.113.7' },
} as const satisfies Operation;

/** `domain_reputation`: VirusTotal's report on a domain. */
export const domainReputation = {
  name: 'domain_reputation',
  id: 'DomainReputation',
  stem: 'domain-reputation',
  summary: "Returns VirusTotal's report on a domain.",
  description:
    'Returns the report on a domain name. Single-label names and names under reserved top-level domains are not sent to VirusTotal and answer response_code 0.',
  route: {
    method: 'GET',
    path: '/domains/{domain}',
    parameters: [
      { name: 'domain', in: 'path', fills: ['domain'] },
      detailsParameter,
      policyParameter,
    ],
  },
  input: domainReputationRequest,
  errors: lookupErrors,
  example: { domain: 'example.com' },
} as const satisfies Operation;

/** `url_reputation`: VirusTotal's report on a URL or a finished analysis. */
export const urlReputation = {
  name: 'url_reputation',
  id: 'UrlReputation',
  stem: 'url-reputation',
  summary: "Returns VirusTotal's report on a URL.",
  description:
    'Returns the report on a URL, or the state of an analysis by scan_id. Send the URL percent-encoded (curl -G --data-urlencode).',
  route: {
    method: 'GET',
    path: '/urls',
    parameters: [
      { name: 'url', in: 'query', fills: ['url'] },
      { name: 'scan_id', in: 'query', fills: ['scan_id'] },
      policyParameter,
    ],
  },
  input: urlReputationRequest,
  errors: lookupErrors,
  example: { url: 'http://example.com/' },
} as const satisfies Operation;

/** `submission`, not one of the six: what became of a file that an HTTP call was too short for. */
export const submission = {
  name: 'submission',
  id: 'Submission',
  stem: 'submission',
  summary: 'Tells what became of a submission that POST /files has taken (202).',
  description:
    'Returns whether the submission runs, and when it has ended the output of submit_sample or the named error. It is known for 90 days after its end.',
  route: {
    method: 'GET',
    path: '/submissions/{id}',
    parameters: [{ name: 'id', in: 'path', fills: ['id'] }],
  },
  input: submissionRequest,
  errors: [
    'InvalidInputError',
    'ObjectNotFoundError',
    'UpstreamError',
    'UpstreamUnavailableError',
    'UpstreamTimeoutError',
  ],
  example: { id: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' },
} as const satisfies Operation;

/** The six operations, in the order in which they are documented. */
export const operations: readonly Operation[] = [
  submitFile,
  submitUrl,
  fileReputation,
  ipReputation,
  domainReputation,
  urlReputation,
];
