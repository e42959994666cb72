/** Answers, and refusals in the envelope `{ "error": { code, message } }`. */

/** What a route answers. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, in place of `json`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Codes of the official table (https://docs.virustotal.com/reference/errors) and their statuses. */
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
  TransientError: 503,
  DeadlineExceededError: 504,
} as const;

/** One of VirusTotal's error codes. */
export type ErrorCode = keyof typeof statuses;

/** A request that is refused. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  /** @param answer - what the client gets */
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** An answer that carries data. */
export function ok(json: unknown): Answer {
  return { status: 200, json };
}

/** An error answer. */
export function errorAnswer(code: ErrorCode, message: string): Answer {
  return { status: statuses[code], json: { error: { code, message } } };
}

/** A code that fits a status, for errors that are asked for by status. */
export function codeFor(status: number): string {
  const found = Object.entries(statuses).find(([, given]) => given === status);
  return found?.[0] ?? 'UnknownError';
}

/** Makes a refusal to throw. */
export function refuse(code: ErrorCode, message: string): Refusal {
  return new Refusal(errorAnswer(code, message));
}

/** The refusal of an object that is not known. */
export function notFound(what: 'File' | 'URL' | 'IP address' | 'Domain' | 'Analysis', id: string) {
  return refuse('NotFoundError', `${what} "${id}" not found`);
}

/** The refusal of a request that is too long: not VirusTotal's envelope, it comes from the front end. */
export function tooLarge(): Refusal {
  return new Refusal({
    status: 413,
    raw: '<html><title>Error 413 (Request Entity Too Large)</title></html>',
    headers: { 'content-type': 'text/html; charset=UTF-8' },
  });
}
