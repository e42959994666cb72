/** Executions of `ScanUpload` that ended without recording an outcome, as EventBridge reports them. */
import * as z from 'zod/mini';
import { scanOutcomeInput } from './scan-outcome.ts';

/**
 * The event of an execution that ended. Only what tells which execution is read: anything else that is recorded
 * comes from Step Functions itself.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const endedExecution = z.object({
  source: z.literal('aws.states'),
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    /** JSON; null if it is too long for an event. */
    input: z._default(z.nullable(z.string()), null),
    /** How often the execution had been redriven when it ended. */
    redriveCount: z._default(z.nullable(z.int()), null),
  }),
});

/** The event of an execution that ended. */
export type EndedExecution = z.infer<typeof endedExecution>;

/** Input of `record-verdict`: from the playbook, or the event of an execution that ended without an outcome. */
export const recordVerdictInput = z.union([endedExecution, scanOutcomeInput]);

/** Input of `record-verdict`. */
export type RecordVerdictInput = z.infer<typeof recordVerdictInput>;
