/** Records what became of an upload's scan. */
import * as z from 'zod/mini';
import { directStack } from '../shared/lambda/direct-stack.ts';
import { logger } from '../shared/logger.ts';
import { endedExecution } from '../shared/recording/ended-execution.ts';
import { recorded } from '../shared/recording/recorded.ts';
import { uploadRecordRequest } from '../shared/schemas/upload-record.ts';

const work = { name: 'record_verdict', input: z.union([endedExecution, uploadRecordRequest]) };

/** Handler of the step `Record` of `ScanUpload`, and of the rule on executions that failed. */
export const handler = directStack(work, async (request) => {
  const record = recorded(request);
  const { outcome, verdict, error } = record;
  const { execution } = request;
  logger.info('scan of an upload recorded', { execution, outcome, verdict, error: error?.name });
  return record;
});
