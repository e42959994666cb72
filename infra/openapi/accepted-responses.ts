/** What an operation answers when its output comes later. */
import { submissionStatus, submitFile } from '../../shared/operations/catalogue.ts';
import type { Response } from './types.ts';

/** The responses 202, by the operation's name. */
export const acceptedResponses: Readonly<Record<string, Response>> = {
  [submitFile.name]: {
    description: `The file is larger than what is sent within one call: it is being submitted by the playbook SubmitFile. Ask ${submissionStatus.route.method} ${submissionStatus.route.path} for the output.`,
    headers: {
      Location: {
        description: "Path of the submission below the API's address.",
        required: true,
        schema: { type: 'string' },
      },
    },
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/SubmissionAccepted' } },
    },
  },
};
