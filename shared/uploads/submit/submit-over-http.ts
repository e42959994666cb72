/** Submits an object for an HTTP caller, who gets an answer within 28 s. */
import type { PlaybookStarter } from '../../aws/playbook/start-playbook.ts';
import type { InvocationLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import type { SubmitFileOutput } from '../../operations/submit-file/output.ts';
import { type CallRequest, type CallSubmitServices, submitCall } from './submit-call.ts';
import { LargeObjectError } from './submit-object.ts';

/** What an HTTP submission needs. */
export interface HttpSubmitServices extends CallSubmitServices {
  /** Takes objects larger than `maxBytes`. */
  readonly playbook: PlaybookStarter;
  /** Longest object that is sent within the call, bytes. */
  readonly maxBytes: number;
}

/**
 * Submits one object within the call, or starts the playbook for it.
 *
 * @returns the output, or the id of the submission that continues
 * @throws the errors of `submitCall` and of the start of the playbook
 */
export async function submitOverHttp(
  services: HttpSubmitServices,
  request: CallRequest,
  limits: InvocationLimits,
): Promise<{ readonly output: SubmitFileOutput } | { readonly submissionId: string }> {
  const { playbook, maxBytes } = services;
  try {
    return { output: await submitCall(services, { ...request, maxBytes }, limits) };
  } catch (error) {
    if (!(error instanceof LargeObjectError)) throw error;
    const { requested: upload, maxReportAgeDays } = request;
    const input = { ...error.address, upload, maxReportAgeDays };
    const submissionId = await playbook.start(input, limits);
    logger.info('playbook started for large object', { submissionId });
    return { submissionId };
  }
}
