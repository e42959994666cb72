/** The one place that turns whatever was thrown into an error that a caller may see. */
import { ConnectorError, InvalidInputError } from '../errors.ts';

/** A bug in the connector. The cause is in the log only; the message does not reveal it. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** What middy's JSON body parser throws: its cause names the package. */
interface BodyParserError extends Error {
  readonly cause: { readonly package: string; readonly data?: unknown };
}

/**
 * Translates anything thrown into a named error.
 *
 * @param thrown - whatever was caught
 * @param requestId - put into the message of an internal error, to find it in the log
 */
export function translateError(thrown: unknown, requestId: string): ConnectorError | InternalError {
  if (thrown instanceof ConnectorError || thrown instanceof InternalError) return thrown;
  if (isBodyParserError(thrown)) return new InvalidInputError(bodyMessage(thrown));
  return new InternalError(`internal error; see the log of request ${requestId} for the cause`, {
    cause: thrown,
  });
}

function isBodyParserError(thrown: unknown): thrown is BodyParserError {
  if (!(thrown instanceof Error) || typeof thrown.cause !== 'object' || !thrown.cause) return false;
  return 'package' in thrown.cause && thrown.cause.package === '@middy/http-json-body-parser';
}

function bodyMessage(error: BodyParserError): string {
  const { data } = error.cause;
  // `data` is the key when the parser refuses a key, and otherwise the whole body.
  if (error.message.startsWith('Forbidden key')) {
    return `${JSON.stringify(data)}: this property is not allowed in the body`;
  }
  return 'body: got text that is not valid JSON; allowed: a JSON object';
}
