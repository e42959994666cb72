/** `submission`: the state of a submission that `POST /files` answered with 202. Not one of the six. */
import type { Operation } from '../operation.ts';
import { submissionStatusRequest } from './input.ts';

/** `submission`: the state of a submission that `POST /files` answered with 202. */
export const submissionStatus = {
  name: 'submission',
  id: 'Submission',
  stem: 'submission-status',
  summary: 'Returns the status of a submission that POST /files accepted (202).',
  description:
    'Returns whether the submission is still running, and once it has ended the output of submit_sample or the named error. A submission can be looked up until 90 days after its end.',
  route: {
    method: 'GET',
    path: '/submissions/{id}',
    parameters: [{ name: 'id', in: 'path', fills: ['id'] }],
  },
  input: submissionStatusRequest,
  errors: [
    'InvalidInputError',
    'ObjectNotFoundError',
    'UpstreamError',
    'UpstreamUnavailableError',
    'UpstreamTimeoutError',
  ],
  example: { id: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' },
} as const satisfies Operation;
