/** What VirusTotal's error answers mean: by HTTP status first, by `code` second. Pure. */
import {
  ApiKeyError,
  type ConnectorError,
  ForbiddenByVirusTotalError,
  InvalidInputError,
  ObjectTooLargeError,
  UpstreamError,
  UpstreamUnavailableError,
} from '../errors.ts';
import type { WireAnswer } from './http/wire-answer.ts';
import { redact } from './redact.ts';

/** What an error answer says (https://docs.virustotal.com/reference/errors). */
export interface UpstreamFault {
  readonly status: number;
  /** VirusTotal's own code, for example `NotFoundError`; empty when there is none. */
  readonly code: string;
  /** VirusTotal's words without the key; empty when there are none. */
  readonly message: string;
  /** Whether it is not VirusTotal's: a web page, or JSON of another form. Nothing, or JSON cut short, may be. */
  readonly isForeign: boolean;
}

const MAX_CODE_LENGTH = 100;
const MAX_MESSAGE_LENGTH = 300;

/**
 * Reads an error answer, whatever it is: JSON, a page, nothing, or broken.
 *
 * @param answer - with a status of 300 or more
 * @param apiKey - taken out of the text
 */
export function readFault(answer: WireAnswer, apiKey: string): UpstreamFault {
  const text = answer.text ?? '';
  const error = errorOf(text);
  // Redacted before it is cut, so that no half of a key is left at the end.
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
  const body = jsonOf(text);
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  return typeof body.error === 'object' ? body.error : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is left of an error answer that was cut short, down to nothing at all. */
function isRemnant(text: string): boolean {
  const rest = text.trim();
  return rest === '' || (rest.startsWith('{') && jsonOf(rest) === undefined);
}

/** Whether VirusTotal does not know the object; a foreign 404 rather means that the server URL is wrong. */
export function isUnknown({ status, isForeign }: UpstreamFault): boolean {
  return status === 404 && !isForeign;
}

/** Whether an analysis has not got so far (400, not 404). */
export function isNotAvailableYet({ code }: UpstreamFault): boolean {
  return code === 'NotAvailableYet';
}

/**
 * The named error of an error answer other than 429, which needs more than the answer.
 *
 * @param fault - what it says
 */
export function toNamedError(fault: UpstreamFault): ConnectorError {
  const { status, code } = fault;
  const said = describeFault(fault);
  if (status === 401) return new ApiKeyError(`VirusTotal refuses the API key: ${said}`);
  if (status === 403) return new ForbiddenByVirusTotalError(`the API key may not do this: ${said}`);
  if (status === 413) return new ObjectTooLargeError(`VirusTotal refuses the size: ${said}`);
  if (status >= 500) return new UpstreamUnavailableError(`VirusTotal is unavailable: ${said}`);
  if (status === 400 && code === 'InvalidArgumentError') {
    return new InvalidInputError(`VirusTotal refuses the input: ${said}`);
  }
  if (status >= 300 && status < 400) {
    return new UpstreamError(`VirusTotal answers with a redirect, which is not followed: ${said}`);
  }
  const hint =
    status === 404 && fault.isForeign
      ? ' (not an answer of its API; is the server URL right?)'
      : '';
  return new UpstreamError(`VirusTotal gave an answer that was not expected: ${said}${hint}`);
}

/** An error answer in words: `HTTP 403, ForbiddenError: You are not authorized`. */
export function describeFault({ status, code, message }: UpstreamFault): string {
  return [`HTTP ${status}${code && `, ${code}`}`, message].filter(Boolean).join(': ');
}
