/** Translates VirusTotal's error answers, by HTTP status first, by `code` second. Pure. */
import {
  ApiKeyError,
  type ConnectorError,
  ForbiddenByVirusTotalError,
  InvalidInputError,
  ObjectTooLargeError,
  UpstreamError,
  UpstreamUnavailableError,
} from '../errors.ts';
import { parseJson } from '../schema/parse-json.ts';
import type { WireAnswer } from './http/wire-answer.ts';
import { redact } from './redact.ts';

/** An error answer (https://docs.virustotal.com/reference/errors). */
export interface UpstreamFault {
  readonly status: number;
  /** VirusTotal's own code, for example `NotFoundError`; empty if it is missing. */
  readonly code: string;
  /** VirusTotal's message without the key; empty if it is missing. */
  readonly message: string;
  /** Whether it is not from VirusTotal: a web page, or JSON of another form. An empty or truncated body may be. */
  readonly isForeign: boolean;
}

/** VirusTotal, or a server before it, has answered 3xx or 4xx: it has not accepted the request. */
export class NotAcceptedError extends UpstreamError {}

const MAX_CODE_LENGTH = 100;
const MAX_MESSAGE_LENGTH = 300;

/**
 * Reads an error answer: JSON, a web page, an empty or a truncated body.
 *
 * @param answer - with a status of 300 or more
 * @param apiKey - redacted
 */
export function readFault(answer: WireAnswer, apiKey: string): UpstreamFault {
  const text = answer.text ?? '';
  const error = errorOf(text);
  // Redact before cutting, so that no part of a key remains at the end.
  const clean = (value: unknown, length: number) =>
    typeof value === 'string' ? redact(value, apiKey).slice(0, length) : '';
  return {
    status: answer.status,
    code: clean(error?.code, MAX_CODE_LENGTH),
    message: clean(error?.message, MAX_MESSAGE_LENGTH),
    isForeign: !error && !isRemnant(text),
  };
}

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
}

function errorOf(text: string): ErrorBody | null {
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  return typeof body.error === 'object' ? body.error : null;
}

/** Whether a body may be a truncated or empty error answer of VirusTotal. */
function isRemnant(text: string): boolean {
  const rest = text.trim();
  return rest === '' || (rest.startsWith('{') && parseJson(rest) === undefined);
}

/** Whether VirusTotal does not know the object; a foreign 404 probably means a wrong server URL. */
export function isUnknown({ status, isForeign }: UpstreamFault): boolean {
  return status === 404 && !isForeign;
}

/** Whether an analysis has not finished (400, not 404). */
export function isNotAvailableYet({ code }: UpstreamFault): boolean {
  return code === 'NotAvailableYet';
}

/**
 * Whether the server cannot answer now: 5xx, 408 (Request Timeout) or 425 (Too Early).
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-408-request-timeout
 */
export function isUnavailable({ status }: UpstreamFault): boolean {
  return status >= 500 || status === 408 || status === 425;
}

/**
 * Returns the named error of an error answer, except for 429, which needs more than the answer.
 */
export function toNamedError(fault: UpstreamFault): ConnectorError {
  const { status, code } = fault;
  const said = describeFault(fault);
  if (status === 401) return new ApiKeyError(`VirusTotal refused the API key: ${said}`);
  if (status === 403)
    return new ForbiddenByVirusTotalError(`the API key does not permit this request: ${said}`);
  if (status === 413)
    return new ObjectTooLargeError(`VirusTotal refused the file as too large: ${said}`);
  if (isUnavailable(fault))
    return new UpstreamUnavailableError(`VirusTotal is unavailable: ${said}`);
  if (status === 400 && code === 'InvalidArgumentError') {
    return new InvalidInputError(`VirusTotal refused the input: ${said}`);
  }
  if (status >= 300 && status < 400) {
    return new NotAcceptedError(
      `VirusTotal answered with a redirect, which is not followed: ${said}`,
    );
  }
  const hint =
    status === 404 && fault.isForeign ? ' (not an answer of its API; check the server URL)' : '';
  return new NotAcceptedError(`VirusTotal gave an unexpected answer: ${said}${hint}`);
}

/** Describes an error answer: `HTTP 403, ForbiddenError: You are not authorized`. */
export function describeFault({ status, code, message }: UpstreamFault): string {
  return [`HTTP ${status}${code && `, ${code}`}`, message].filter(Boolean).join(': ');
}
