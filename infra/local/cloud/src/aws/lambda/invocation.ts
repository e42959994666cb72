/** The action Invoke (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InvocationResult } from '../../types.ts';
import { readBody } from '../json.ts';
import { AwsRefusal } from '../refusal.ts';

/** How a function is invoked. */
export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

/** Most bytes of a payload. */
const limits: Readonly<Record<InvocationType, number>> = {
  RequestResponse: 6 * 2 ** 20,
  Event: 2 ** 20,
  DryRun: 6 * 2 ** 20,
};

/** Reads how to invoke. @throws AwsRefusal */
export function invocationTypeOf({ headers }: IncomingMessage): InvocationType {
  const given = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (given === 'RequestResponse' || given === 'Event' || given === 'DryRun') return given;
  const message = `Invocation type ${given} is none of RequestResponse, Event and DryRun.`;
  throw new AwsRefusal('InvalidParameterValueException', message);
}

/**
 * Reads the payload; nothing is an empty object.
 *
 * @returns JSON text
 * @throws AwsRefusal when it is too large or not JSON
 */
export async function readPayload(request: IncomingMessage, type: InvocationType): Promise<string> {
  // A little more than is allowed, so that the refusal can leave before the client is cut off.
  const bytes = await readBody(request, 2 * limits.RequestResponse).catch((error: unknown) => {
    throw error instanceof RangeError ? tooLarge(type) : error;
  });
  if (bytes.length > limits[type]) throw tooLarge(type);
  const text = bytes.length === 0 ? '{}' : bytes.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    const message = 'Could not parse request body into json.';
    throw new AwsRefusal('InvalidRequestContentException', message);
  }
}

/** Answers what the function returned, or its error. */
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
  const message = `The payload is too large for the ${type} invocation type (limit ${limits[type]} bytes).`;
  return new AwsRefusal('RequestTooLargeException', message, 413);
}
