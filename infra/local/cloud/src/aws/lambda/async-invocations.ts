/** Asynchronous invocations, with Lambda's retries (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). */
import type { Clock } from '../../clock.ts';
import { isLoopRefusal } from '../../lambda/lineage.ts';
import {
  type InvocationResult,
  type Invoker,
  type LambdaError,
  UnknownFunctionError,
} from '../../types.ts';

/** An invocation that failed for good. Without its payload, which may be confidential. */
export interface DroppedInvocation {
  readonly functionName: string;
  readonly attempts: number;
  readonly error: LambdaError;
}

/** Options of asynchronous invocations. */
export interface AsyncInvocationsOptions {
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly onDropped?: (dropped: DroppedInvocation) => void;
}

/** Runs invocations in the background. */
export interface AsyncInvocations {
  /**
   * @param payload - JSON text
   * @param traceHeader - of the request. @default none
   */
  start(functionName: string, payload: string, traceHeader?: string): void;
  /** Waits until all have ended, including their retries. */
  idle(): Promise<void>;
  /** Drops invocations that wait for a retry, and waits for the running ones. */
  close(): Promise<void>;
}

/** Waits before the second and the third attempt, milliseconds. */
const RETRY_WAITS_MS = [60_000, 120_000];

/** Creates the queue of invocations of all functions. */
export function createAsyncInvocations(options: AsyncInvocationsOptions): AsyncInvocations {
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  const idle = async () => {
    while (running.size > 0) await Promise.all(running);
  };
  return {
    start(functionName, payload, traceHeader) {
      const invocation = { functionName, payload, traceHeader };
      const ended = run(options, invocation, closing.signal).finally(() => running.delete(ended));
      running.add(ended);
    },
    idle,
    close() {
      closing.abort();
      return idle();
    },
  };
}

interface QueuedInvocation {
  readonly functionName: string;
  readonly payload: string;
  readonly traceHeader: string | undefined;
}

async function run(
  { invoker, clock, onDropped }: AsyncInvocationsOptions,
  invocation: QueuedInvocation,
  signal: AbortSignal,
): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    const { result, isFinal } = await attempt(invoker, invocation);
    if (result.status === 'succeeded') return;
    const waitMs = RETRY_WAITS_MS[attempts - 1];
    const isRetried =
      !isFinal &&
      waitMs !== undefined &&
      !signal.aborted &&
      (await waitForRetry(clock, waitMs, signal));
    if (!isRetried) {
      onDropped?.({ functionName: invocation.functionName, attempts, error: result.error });
      return;
    }
  }
}

async function attempt(
  invoker: Invoker,
  { functionName, payload, traceHeader }: QueuedInvocation,
): Promise<{ readonly result: InvocationResult; readonly isFinal: boolean }> {
  try {
    const result = await invoker.invoke(functionName, payload, [traceHeader]);
    return { result, isFinal: isLoopRefusal(result) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return {
      result: { status: 'failed', error: { errorType: name, errorMessage: message } },
      isFinal: error instanceof UnknownFunctionError,
    };
  }
}

async function waitForRetry(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}
