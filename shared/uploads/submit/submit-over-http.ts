/** Submits an object for an HTTP caller, who gets an answer within 28 s. */
import type { PlaybookStarter } from '../../aws/playbook/start-playbook.ts';
import type { Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import type { SubmitFileOutput } from '../../operations/submit-file/output.ts';
import { LargeObjectError, submitObject } from './submit-object.ts';
import type { SubmitRequest, SubmitServices } from './submit-request.ts';

/** What an HTTP submission needs. */
export interface HttpSubmitServices extends SubmitServices {
  /** Takes objects larger than `maxBytes`. */
  readonly playbook: PlaybookStarter;
  /** Longest object that is sent within the call, bytes. */
  readonly maxBytes: number;
}

/**
 * Submits one object within the call, or starts the playbook for it.
 *
 * @returns the output, or the id of the submission that continues
 * @throws the errors of `submitObject` and of the start of the playbook
 */
export async function submitOverHttp(
  services: HttpSubmitServices,
  request: SubmitRequest,
  limits: Limits,
): Promise<{ readonly output: SubmitFileOutput } | { readonly submissionId: string }> {
  const { playbook, maxBytes } = services;
  try {
    return { output: await submitObject(services, { ...request, maxBytes }, limits) };
  } catch (error) {
    if (!(error instanceof LargeObjectError)) throw error;
    const { upload, maxReportAgeDays } = request;
    const input = { ...error.address, upload, maxReportAgeDays };
    const submissionId = await playbook.start(input, limits);
    logger.info('playbook started for large object', { submissionId });
    return { submissionId };
  }
}
