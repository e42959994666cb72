/** The direct stack of middy: Step Functions and the SDK give the input itself, and get the output. */
import middy from '@middy/core';
import type * as z from 'zod/mini';
import type { Limits } from '../limits.ts';
import { parseInput } from '../schema/parse-input.ts';
import { limitsFor } from './limits.ts';
import { logOutcome, translateErrors } from './middleware.ts';
import { earlyTimeout, type LambdaHandler } from './stack.ts';

/** What is known of the work beforehand. */
export interface DirectWork<Input extends z.ZodMiniType> {
  /** Named in the log. */
  readonly name: string;
  readonly input: Input;
}

/**
 * Makes the stack.
 *
 * @param work - its name and the schema of its input
 * @param core - does it
 */
export function directStack<Input extends z.ZodMiniType, Output>(
  { name, input }: DirectWork<Input>,
  core: (input: z.infer<Input>, limits: Limits) => Promise<Output>,
): LambdaHandler {
  return middy<unknown, Output>(earlyTimeout)
    .use(logOutcome(name, 'direct'))
    .use(translateErrors())
    .handler<unknown, Output>(async (event, context, { signal }) =>
      core(parseInput<Input>(input, event), limitsFor(context, 'direct', signal, Date.now())),
    );
}
