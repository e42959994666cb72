/** What the stacks of middy have in common. */
import type { Context } from 'aws-lambda';
import { throwTimeout } from './middleware.ts';

/** A Lambda handler of any event. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

/** A stack for events of one kind. */
export interface Stack {
  /** Whether an event is of that kind. */
  takes(event: unknown): boolean;
  readonly handle: LambdaHandler;
}

/** Middy's early time-out is the net below the core's own deadline, which is earlier; milliseconds. */
export const earlyTimeout = { timeoutEarlyInMillis: 300, timeoutEarlyResponse: throwTimeout };
