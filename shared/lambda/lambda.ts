/** The Lambda handler of an operation: stacks of middy, for HTTP and direct calls around one core. */
import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type * as z from 'zod/mini';
import type { Limits } from '../limits.ts';
import type { Operation } from '../operations/catalogue.ts';
import type { OutputOf } from '../operations/outputs.ts';
import { parseInput } from '../schema/parse-input.ts';
import { directStack } from './direct-stack.ts';
import { type HttpAnswer, outputAnswer } from './http-answer.ts';
import { type HttpEvent, isHttpEvent } from './http-event.ts';
import { httpInput } from './http-input.ts';
import { limitsFor } from './limits.ts';
import { answerErrors, logOutcome, translateErrors } from './middleware.ts';
import { earlyTimeout, type LambdaHandler, type Stack } from './stack.ts';

/** An operation's work: typed input in, output out; knows nothing of events. */
export type Core<O extends Operation> = (
  input: z.infer<O['input']>,
  limits: Limits,
) => Promise<OutputOf<O['name']>>;

/** What an operation has besides its core. */
export interface OtherWays<O extends Operation> {
  /** A stack for the events of one more source. @default none */
  readonly events?: Stack;
  /** The work over HTTP, where it is not that of the core. @default the core's output, with status 200 */
  readonly overHttp?: HttpCore<O>;
}

/** An operation's work over HTTP: typed input in, answer out. */
export type HttpCore<O extends Operation> = (
  input: z.infer<O['input']>,
  limits: Limits,
) => Promise<HttpAnswer>;

/**
 * Makes the handler of an operation, for API Gateway proxy events and direct invocations.
 *
 * @param operation - its schemas and route
 * @param core - its work
 * @param others - ways in which it is called besides, or differently
 */
export function lambda<O extends Operation>(
  operation: O,
  core: Core<O>,
  { events, overHttp }: OtherWays<O> = {},
): LambdaHandler {
  const inCall: HttpCore<O> = async (input, limits) => outputAnswer(await core(input, limits));
  const http = httpStack(operation, overHttp ?? inCall);
  const direct = directStack<O['input'], OutputOf<O['name']>>(operation, core);
  return (event, context) => {
    if (isHttpEvent(event)) return http(event, context);
    return events?.takes(event) ? events.handle(event, context) : direct(event, context);
  };
}

// `after` and `onError` run in reverse order of registration: errors are translated, logged, then answered.
function httpStack<O extends Operation>(operation: O, core: HttpCore<O>) {
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
    return core(input, limitsFor(context, 'http', signal, Date.now()));
  });
}
