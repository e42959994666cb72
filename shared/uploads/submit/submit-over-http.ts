/** Submits an object for a caller over HTTP, whose answer must be there within 28 s. */

import type { PlaybookStarter } from '../../aws/playbook/start-playbook.ts';
import type { Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import type { SubmitFileOutput } from '../../operations/submit-file/output.ts';
import {
  LargeObjectError,
  type SubmitRequest,
  type SubmitServices,
  submitObject,
} from './submit-object.ts';

/** What such a submission works with. */
export interface HttpSubmitServices extends SubmitServices {
  /** Takes objects that are over `maxBytes`. */
  readonly playbook: PlaybookStarter;
  /** Longest object that is sent within the call, bytes. */
  readonly maxBytes: number;
}

/**
 * Submits one object within the call, or has the playbook do it.
 *
 * @param services - where it is read, sent and handed over
 * @param submission - what and how
 * @param limits - the invocation's limits
 * @returns the output, or the id of the submission that goes on
 * @throws whatever `submitObject` and the start of the playbook end with
 */
export async function submitOverHttp(
  services: HttpSubmitServices,
  submission: SubmitRequest,
  limits: Limits,
): Promise<{ readonly output: SubmitFileOutput } | { readonly submissionId: string }> {
  const { playbook, maxBytes } = services;
  try {
    return { output: await submitObject(services, { ...submission, maxBytes }, limits) };
  } catch (error) {
    if (!(error instanceof LargeObjectError)) throw error;
    const { upload, maxReportAgeDays } = submission;
    const input = { ...error.address, upload, maxReportAgeDays };
    const submissionId = await playbook.start(input, limits);
    logger.info('submission handed over to the playbook', { submissionId });
    return { submissionId };
  }
}
