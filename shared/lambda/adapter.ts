/** What the event adapters have in common. */
import type { Context } from 'aws-lambda';
import { throwTimeout } from './middleware.ts';

/** A Lambda handler of any event. */
export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

/** Handles events of one shape. */
export interface EventAdapter {
  /** Returns whether the event has that shape. */
  takes(event: unknown): boolean;
  readonly handle: LambdaHandler;
}

/** Middy's early timeout, milliseconds: a safety net below the deadline of the limits, which is earlier. */
export const earlyTimeout = { timeoutEarlyInMillis: 300, timeoutEarlyResponse: throwTimeout };
