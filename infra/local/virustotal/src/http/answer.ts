/** Answers, and errors in the envelope `{ "error": { code, message } }`. */

/** An answer of a route. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged, instead of `json`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Codes of the official table (https://docs.virustotal.com/reference/errors) and their statuses, and one that
 * only the simulator has: 501.
 */
const statuses = {
  BadRequestError: 400,
  InvalidArgumentError: 400,
  NotAvailableYet: 400,
  AuthenticationRequiredError: 401,
  WrongCredentialsError: 401,
  ForbiddenError: 403,
  NotFoundError: 404,
  AlreadyExistsError: 409,
  QuotaExceededError: 429,
  NotImplementedError: 501,
  TransientError: 503,
  DeadlineExceededError: 504,
} as const;

/** An error code. */
export type ErrorCode = keyof typeof statuses;

/** Thrown to answer a request with an error. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  /** @param answer - sent to the client */
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** Returns an answer with status 200. */
export function ok(json: unknown): Answer {
  return { status: 200, json };
}

/** Returns an error in VirusTotal's envelope. */
export function errorAnswer(code: ErrorCode, message: string): Answer {
  return { status: statuses[code], json: { error: { code, message } } };
}

/** Returns the error code for a status. */
export function codeFor(status: number): string {
  const found = Object.entries(statuses).find(([, candidate]) => candidate === status);
  return found?.[0] ?? 'UnknownError';
}

/** Returns a refusal to throw. */
export function refuse(code: ErrorCode, message: string): Refusal {
  return new Refusal(errorAnswer(code, message));
}

/** Returns the refusal for an unknown object. */
export function notFound(what: 'File' | 'URL' | 'IP address' | 'Domain' | 'Analysis', id: string) {
  return refuse('NotFoundError', `${what} "${id}" not found`);
}

/** Returns the refusal for a request that is too long. The front end sends it, so it has no envelope. */
export function tooLarge(): Refusal {
  return new Refusal({
    status: 413,
    raw: '<html><title>Error 413 (Request Entity Too Large)</title></html>',
    headers: { 'content-type': 'text/html; charset=UTF-8' },
  });
}
