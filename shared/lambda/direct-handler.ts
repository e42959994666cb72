/** The adapter for direct invocations: Step Functions and the SDK pass the input itself and get the output. */
import middy from '@middy/core';
import type * as z from 'zod/mini';
import type { InvocationLimits } from '../limits.ts';
import { parseInput } from '../schema/parse-input.ts';
import { earlyTimeout, type LambdaHandler } from './adapter.ts';
import { directCaller } from './direct-caller.ts';
import { limitsFor } from './limits.ts';
import { logResult, translateErrors } from './middleware.ts';

/** A function that is only invoked directly, or the direct way into an operation. */
export interface DirectFunction<Input extends z.ZodMiniType> {
  /** Name in the log. */
  readonly name: string;
  /** Schema of the event. */
  readonly input: Input;
}

/**
 * Returns a handler that parses the event as input and returns the output as it is.
 *
 * @param definition - name and input schema
 * @param answer - turns the parsed input into the output
 */
export function directHandler<Input extends z.ZodMiniType, Output>(
  { name, input }: DirectFunction<Input>,
  answer: (input: z.infer<Input>, limits: InvocationLimits) => Promise<Output>,
): LambdaHandler {
  return middy<unknown, Output>(earlyTimeout)
    .use(logResult(name, 'direct'))
    .use(translateErrors())
    .handler<unknown, Output>(async (event, context, { signal }) => {
      const parsed = parseInput<Input>(input, event);
      const limits = limitsFor(context, signal, Date.now());
      return answer(parsed, { ...limits, caller: directCaller(name, parsed) });
    });
}
