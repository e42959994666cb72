/** The adapter for HTTP: API Gateway proxy events of both payload formats. */
import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type * as z from 'zod/mini';
import { type InvocationLimits, quotaCaller } from '../limits.ts';
import type { Operation } from '../operations/operation.ts';
import type { OutputOf } from '../operations/outputs.ts';
import { parseInput } from '../schema/parse-input.ts';
import { earlyTimeout } from './adapter.ts';
import { basePathOf, type HttpEvent, receivedAt } from './http-event.ts';
import { httpInput } from './http-input.ts';
import { acceptedResponse, type HttpResponse, outputResponse } from './http-response.ts';
import { httpLimitsFor } from './limits.ts';
import { logResult, respondToErrors, translateErrors } from './middleware.ts';

/** The output of an operation, or that it will be at `location` (a path below the API's address) later. */
export type HttpAnswer<O extends Operation> =
  | { readonly output: OutputOf<O['name']> }
  | { readonly accepted: object; readonly location: string };

/** Answers over HTTP: parsed input in, answer out. */
export type HttpAnswerer<O extends Operation> = (
  input: z.infer<O['input']>,
  limits: InvocationLimits,
) => Promise<HttpAnswer<O>>;

/** Returns a handler that takes the input from path, query or JSON body, and answers with JSON. */
export function httpHandler<O extends Operation>(operation: O, answer: HttpAnswerer<O>) {
  // `onError` runs in reverse order of registration: errors are translated, logged, then answered.
  const stack = middy<HttpEvent, HttpResponse>(earlyTimeout)
    .use(respondToErrors())
    .use(logResult(operation.name, 'http'))
    .use(translateErrors());
  if (operation.route.method === 'POST') {
    stack.use(httpJsonBodyParser({ disableContentTypeCheck: true }));
  }
  return stack.handler<HttpEvent, HttpResponse>(async (event, context, { signal }) => {
    const { value, callerNames } = httpInput(operation, event);
    const input = parseInput<O['input']>(operation.input, value, callerNames);
    const limits = httpLimitsFor(context, signal, Date.now(), receivedAt(event));
    const caller = quotaCaller('interactive');
    return responseTo(
      await answer(input, { ...limits, caller }),
      basePathOf(event, operation.route.path),
    );
  });
}

function responseTo<O extends Operation>(answer: HttpAnswer<O>, basePath: string): HttpResponse {
  return 'output' in answer
    ? outputResponse(answer.output)
    : acceptedResponse(answer.accepted, basePath + answer.location);
}
