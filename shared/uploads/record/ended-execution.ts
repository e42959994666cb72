/** Executions of `ScanUpload` that ended without a record: what EventBridge tells of them. */
import * as z from 'zod/mini';
import type { ScanOutcomeInput } from './scan-outcome.ts';

const detail = z.object({
  executionArn: z.string(),
  status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
  /** JSON text; null when it is too long for an event. */
  input: z.nullish(z.string()),
  error: z.nullish(z.string()),
  cause: z.nullish(z.string()),
});

/** The status of an execution as a request to record it (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html). */
export const endedExecution = z.pipe(
  z.object({
    source: z.literal('aws.states'),
    'detail-type': z.literal('Step Functions Execution Status Change'),
    detail,
  }),
  z.transform(({ detail: { executionArn, status, input, error, cause } }): ScanOutcomeInput => {
    const name = error || status;
    return {
      event: parse(input),
      outcome: 'failed',
      reason: null,
      scan_id: null,
      receipt: null,
      report: null,
      error: { name, message: cause || `the execution ended as ${status}` },
      execution: executionArn,
    };
  }),
);

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
