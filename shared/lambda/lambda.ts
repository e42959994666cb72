/** The Lambda handler of an operation: an HTTP stack and a direct stack of middy around one core. */
import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Call } from '../call.ts';
import type { Operation } from '../operations.ts';
import { parseInput } from '../schemas/parse-input.ts';
import { callFor } from './call.ts';
import { type HttpAnswer, outputAnswer } from './http-answer.ts';
import { type HttpEvent, isHttpEvent } from './http-event.ts';
import { httpInput } from './http-input.ts';
import { answerErrors, logOutcome, throwTimeout, translateErrors } from './middleware.ts';

/** An operation's work: typed input in, output out; knows nothing of events. */
export type Core<O extends Operation> = (
  input: z.infer<O['input']>,
  call: Call,
) => Promise<z.infer<O['output']>>;

/** A Lambda handler of any event. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

/** Middy's early time-out is the net below the core's own deadline, which is earlier; milliseconds. */
const earlyTimeout = { timeoutEarlyInMillis: 300, timeoutEarlyResponse: throwTimeout };

/**
 * Makes the handler of an operation, for API Gateway proxy events and direct invocations.
 *
 * @param operation - its schemas and route
 * @param core - its work
 */
export function lambda<O extends Operation>(operation: O, core: Core<O>): LambdaHandler {
  const http = httpStack(operation, core);
  const direct = directStack(operation, core);
  return (event, context) => (isHttpEvent(event) ? http(event, context) : direct(event, context));
}

// `after` and `onError` run in reverse order of registration: errors are translated, logged, then answered.
function httpStack<O extends Operation>(operation: O, core: Core<O>) {
  const stack = middy<HttpEvent, HttpAnswer>(earlyTimeout)
    .use(answerErrors())
    .use(logOutcome(operation.name, 'http'))
    .use(translateErrors());
  if (operation.route.method === 'POST') {
    stack.use(httpJsonBodyParser({ disableContentTypeCheck: true }));
  }
  return stack.handler<HttpEvent, HttpAnswer>(async (event, context, { signal }) => {
    const { value, rename } = httpInput(operation, event);
    const input = parseInput<O['input']>(operation.input, value, rename);
    return outputAnswer(await core(input, callFor(context, 'http', signal, Date.now())));
  });
}

function directStack<O extends Operation>(operation: O, core: Core<O>) {
  return middy<unknown, z.infer<O['output']>>(earlyTimeout)
    .use(logOutcome(operation.name, 'direct'))
    .use(translateErrors())
    .handler<unknown, z.infer<O['output']>>(async (event, context, { signal }) =>
      core(
        parseInput<O['input']>(operation.input, event),
        callFor(context, 'direct', signal, Date.now()),
      ),
    );
}
