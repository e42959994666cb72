/**
 * What Lambda itself does wrong, on demand: the deployed bundle is not reached, or not heard of again.
 * What VirusTotal and S3 do wrong is had for real, from the simulator and from `s3-gate.ts`; so is the quota, except
 * for a line of months: in a stack that other tests use, it would hold them up as well.
 */
import type { Invoker, LambdaError } from '@local/cloud';

/** What an invocation ends with, in Lambda's words. */
const errors = {
  /** No place for it. */
  throttled: { errorType: 'Lambda.TooManyRequestsException', errorMessage: 'Rate Exceeded.' },
  /** The process has ended. */
  crashed: {
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: none Error: Runtime exited with error: signal: killed',
  },
  /** The machine was so slow that the function's own net caught it (`throwTimeout`). */
  late: {
    errorType: 'UpstreamTimeoutError',
    errorMessage: 'no answer within the time that is left to this invocation',
  },
  /** The function waits in the line, and is to come again after the longest wait. */
  queued: {
    errorType: 'QuotaExceededError',
    errorMessage: "Others wait longer for VirusTotal's quota. retryAfterSeconds=259200",
  },
} as const satisfies Record<string, LambdaError>;

/** Longest waits that fit into an execution, and the call after them. */
export const QUEUED_CALLS = 30;

/** Which invocations fail, and how. */
export interface LambdaFault {
  readonly kind: keyof typeof errors;
  /** Construct id of the function, for example `SubmitFile`. */
  readonly of: string;
  /** A text of the payload: other invocations are left alone. */
  readonly with: string;
  /** Invocations. @default 1 */
  readonly times?: number;
}

/** The faults that wait for an invocation; each meets the oldest that fits. */
export class LambdaFaults {
  readonly #waiting: { readonly fault: LambdaFault; left: number }[] = [];

  /** Adds faults behind those that wait. */
  add(...faults: readonly LambdaFault[]): void {
    this.#waiting.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })));
  }

  /** Faults that no invocation has met. */
  get unused(): readonly LambdaFault[] {
    return this.#waiting.filter(({ left }) => left > 0).map(({ fault }) => fault);
  }

  /** Puts the faults before the functions. */
  readonly around = (functions: Invoker): Invoker => ({
    invoke: async (name, payload, traceHeaders) => {
      const found = this.#waiting.find(
        ({ fault, left }) => left > 0 && isOf(name, fault.of) && payload.includes(fault.with),
      );
      if (!found) return functions.invoke(name, payload, traceHeaders);
      found.left -= 1;
      return { status: 'failed', error: errors[found.fault.kind] };
    },
  });
}

/** Names are cut from the left: stack, then construct id. */
function isOf(name: string, id: string): boolean {
  const [, end] = /([A-Za-z]+)Function[0-9A-F]{8}-/.exec(name) ?? [];
  return end !== undefined && id.endsWith(end);
}
