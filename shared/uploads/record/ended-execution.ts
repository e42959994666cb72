/** Executions of `ScanUpload` that ended without recording an outcome, as EventBridge reports them. */
import * as z from 'zod/mini';
import { parseJson } from '../../schema/parse-json.ts';
import { type ScanOutcomeInput, scanOutcomeInput } from './scan-outcome.ts';

const detail = z.object({
  executionArn: z.string(),
  status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
  /** JSON; null if it is too long for an event. */
  input: z.nullish(z.string()),
  error: z.nullish(z.string()),
  cause: z.nullish(z.string()),
});

/** Parses an execution's status event to a failed outcome (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html). */
export const endedExecution = z.pipe(
  z.object({
    source: z.literal('aws.states'),
    'detail-type': z.literal('Step Functions Execution Status Change'),
    detail,
  }),
  z.transform(
    ({ detail: { executionArn, status, input, error, cause } }): ScanOutcomeInput => ({
      event: parseJson(input ?? '') ?? null,
      outcome: 'failed',
      reason: null,
      scan_id: null,
      receipt: null,
      report: null,
      error: { name: error || status, message: cause || `the execution ended as ${status}` },
      execution: executionArn,
    }),
  ),
);

/** Input of `record-verdict`: from the playbook, or the event of an execution that ended without an outcome. */
export const recordVerdictInput = z.union([endedExecution, scanOutcomeInput]);
