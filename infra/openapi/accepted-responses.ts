/** Responses 202 of operations whose output comes later. */
import { submissionStatus, submitFile } from '../../shared/operations/catalogue.ts';
import type { Response } from './types.ts';

/** The responses 202, by the operation's name. */
export const acceptedResponses: Readonly<Record<string, Response>> = {
  [submitFile.name]: {
    description: `The file is too large to be sent within one call; the playbook SubmitFile submits it. Poll ${submissionStatus.route.method} ${submissionStatus.route.path} for the result.`,
    headers: {
      Location: {
        description:
          'Path of the submission on the host of the request, with the stage or the base path of a custom domain.',
        required: true,
        schema: { type: 'string' },
      },
    },
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/SubmissionAccepted' } },
    },
  },
};
