/** The action Invoke (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InvocationResult } from '../../types.ts';
import { readBody } from '../http/json.ts';
import { AwsRefusal } from '../http/refusal.ts';

/** How a function is invoked. */
export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

/** Maximum payload, bytes. */
const maxBytes: Readonly<Record<InvocationType, number>> = {
  RequestResponse: 6 * 2 ** 20,
  Event: 2 ** 20,
  DryRun: 6 * 2 ** 20,
};

/** Reads the invocation type. @throws AwsRefusal */
export function invocationTypeOf({ headers }: IncomingMessage): InvocationType {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event' || type === 'DryRun') return type;
  const message = `Invocation type ${type} is not one of RequestResponse, Event and DryRun.`;
  throw new AwsRefusal('InvalidParameterValueException', message);
}

/**
 * Reads the payload; an empty body is an empty object.
 *
 * @returns JSON text
 * @throws AwsRefusal when it is too large or not JSON
 */
export async function readPayload(request: IncomingMessage, type: InvocationType): Promise<string> {
  // Reads up to twice the limit, so that the client gets the error rather than a closed connection.
  const bytes = await readBody(request, 2 * maxBytes.RequestResponse).catch((error: unknown) => {
    throw error instanceof RangeError ? tooLarge(type) : error;
  });
  if (bytes.length > maxBytes[type]) throw tooLarge(type);
  const text = bytes.length === 0 ? '{}' : bytes.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    const message = 'Could not parse request body into json.';
    throw new AwsRefusal('InvalidRequestContentException', message);
  }
}

/** Answers the function's result or error. */
export function answerResult(response: ServerResponse, result: InvocationResult): void {
  const isFailed = result.status === 'failed';
  if (isFailed) response.setHeader('x-amz-function-error', 'Unhandled');
  const text = isFailed ? JSON.stringify(result.error) : result.payload;
  response.writeHead(200, {
    'content-length': Buffer.byteLength(text),
    'x-amz-executed-version': '$LATEST',
  });
  response.end(text);
}

function tooLarge(type: InvocationType): AwsRefusal {
  const message = `The payload is too large for the ${type} invocation type (limit ${maxBytes[type]} bytes).`;
  return new AwsRefusal('RequestTooLargeException', message, 413);
}
