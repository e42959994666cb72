/** `submit_sample` over HTTP, of a file that is submitted after the answer. */
import type { SubmissionAccepted } from './accepted-output.ts';

/**
 * Nothing is known yet, but where the output will be.
 *
 * @param id - of the submission
 */
export function submissionAccepted(id: string): SubmissionAccepted {
  return {
    resource: null,
    response_code: -2,
    verbose_msg: `The file is too large to be sent within one HTTP call; it is being submitted now. GET /submissions/${id} answers the output when it is there`,
    permalink: null,
    md5: null,
    sha1: null,
    sha256: null,
    scan_id: null,
    submission_id: id,
  };
}
