/** `submission`: looks up the execution that submits a file. */
import { ObjectNotFoundError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { SubmissionStatusRequest } from './input.ts';
import { type Execution, startedSubmission, toSubmissionStatus } from './map.ts';
import type { SubmissionStatus } from './output.ts';
import { isYoung, submissionTime } from './submission-id.ts';

/** What the operation works with. */
export interface SubmissionServices {
  /**
   * Finds the execution of a submission; undefined if Step Functions does not show it.
   *
   * `mayBeNew` says whether it may have been started a moment ago.
   */
  findExecution(
    query: { readonly name: string; readonly mayBeNew: boolean },
    limits: Limits,
  ): Promise<Execution | undefined>;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Answers `submission`. Step Functions shows a new execution only after a while: a submission that was made less
 * than a minute ago, as its id says, is running although it is not shown.
 *
 * @throws ObjectNotFoundError when no submission has that id
 */
export async function answerSubmissionStatus(
  { findExecution, now = Date.now }: SubmissionServices,
  { id }: SubmissionStatusRequest,
  limits: Limits,
): Promise<SubmissionStatus> {
  const timeMs = submissionTime(id);
  const isNew = timeMs !== null && isYoung(timeMs, now());
  // An id of an earlier release does not tell.
  const mayBeNew = isNew || timeMs === null;
  const execution = await findExecution({ name: id, mayBeNew }, limits);
  if (execution) return toSubmissionStatus(id, execution);
  if (isNew) return startedSubmission(id, Math.floor(timeMs / 1000));
  throw new ObjectNotFoundError(
    `id: there is no submission ${id}; submissions can be looked up until 90 days after their end`,
  );
}
