/** The Lambda handler of an operation: this file alone decides which adapter an event goes to. */
import type * as z from 'zod/mini';
import type { InvocationLimits } from '../limits.ts';
import type { Operation } from '../operations/operation.ts';
import type { OutputOf } from '../operations/outputs.ts';
import type { EventAdapter, LambdaHandler } from './adapter.ts';
import { directHandler } from './direct-handler.ts';
import { isHttpEvent } from './http-event.ts';
import { type HttpAnswerer, httpHandler } from './http-handler.ts';

/** Answers an operation: parsed input in, output out. It never sees the event. */
export type Answerer<O extends Operation> = (
  input: z.infer<O['input']>,
  limits: InvocationLimits,
) => Promise<OutputOf<O['name']>>;

/** Ways into an operation that only some have. */
export interface OtherWays<O extends Operation> {
  /** Answers over HTTP. @default the output, with status 200 */
  readonly answerHttp?: HttpAnswerer<O>;
  /** Handles upload events. @default refused as direct input */
  readonly uploads?: EventAdapter;
}

/**
 * Returns the handler of an operation. Its adapters, in the order in which they are tried:
 *
 * | event | adapter |
 * |---|---|
 * | API Gateway proxy event, recognised by `requestContext`: payload 1.0 (REST API or HTTP API) and 2.0 (HTTP API), whose differences `http-event.ts` evens out | `httpHandler` |
 * | S3 notification or EventBridge event of S3, possibly through SQS or SNS, for an operation that takes uploads | `uploads` |
 * | anything else, which is the input itself: a direct invocation by Step Functions or an SDK | `directHandler` |
 *
 * @param operation - its schemas and route
 * @param answer - its logic
 * @param otherWays - other ways to answer
 */
export function operationHandler<O extends Operation>(
  operation: O,
  answer: Answerer<O>,
  { answerHttp, uploads }: OtherWays<O> = {},
): LambdaHandler {
  const withOutput: HttpAnswerer<O> = async (input, limits) => ({
    output: await answer(input, limits),
  });
  const http = httpHandler(operation, answerHttp ?? withOutput);
  const direct = directHandler<O['input'], OutputOf<O['name']>>(operation, answer);
  return (event, context) => {
    if (isHttpEvent(event)) return http(event, context);
    if (uploads?.takes(event)) return uploads.handle(event, context);
    return direct(event, context);
  };
}
