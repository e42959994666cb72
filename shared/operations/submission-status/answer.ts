/** `submission`: looks up the execution that submits a file. */
import { ObjectNotFoundError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { SubmissionStatusRequest } from './input.ts';
import { type Execution, toSubmissionStatus } from './map.ts';
import type { SubmissionStatus } from './output.ts';

/**
 * Answers `submission`.
 *
 * @throws ObjectNotFoundError when no submission has that id
 */
export async function answerSubmissionStatus(
  findExecution: (name: string, limits: Limits) => Promise<Execution | undefined>,
  { id }: SubmissionStatusRequest,
  limits: Limits,
): Promise<SubmissionStatus> {
  const execution = await findExecution(id, limits);
  if (execution) return toSubmissionStatus(id, execution);
  throw new ObjectNotFoundError(
    `id: there is no submission ${id}; submissions can be looked up until 90 days after their end`,
  );
}
