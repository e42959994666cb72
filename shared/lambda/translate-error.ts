/** The one place where whatever was thrown becomes an error that a caller may see. */
import { ConnectorError, InvalidInputError } from '../errors.ts';

/** A defect of ours: its message says nothing of what went wrong, the log does. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** What middy's JSON body parser throws: a status and, as cause, its package. */
interface BodyParserError extends Error {
  readonly cause: { readonly package: string; readonly data?: unknown };
}

/**
 * Translates anything thrown into a named error.
 *
 * @param thrown - what was caught
 * @param requestId - named in the message of an internal error, to find it in the log
 */
export function translateError(thrown: unknown, requestId: string): ConnectorError | InternalError {
  if (thrown instanceof ConnectorError || thrown instanceof InternalError) return thrown;
  if (isBodyParserError(thrown)) return new InvalidInputError(bodyMessage(thrown));
  return new InternalError(`internal error; the log of request ${requestId} has the cause`, {
    cause: thrown,
  });
}

function isBodyParserError(thrown: unknown): thrown is BodyParserError {
  if (!(thrown instanceof Error) || typeof thrown.cause !== 'object' || !thrown.cause) return false;
  return 'package' in thrown.cause && thrown.cause.package === '@middy/http-json-body-parser';
}

function bodyMessage(error: BodyParserError): string {
  const { data } = error.cause;
  // Only the parser's refusal of a key carries the key alone; otherwise data is the whole body.
  if (error.message.startsWith('Forbidden key')) {
    return `${JSON.stringify(data)}: this property is not allowed in the body`;
  }
  return 'body: got text that is not valid JSON; allowed: a JSON object';
}
