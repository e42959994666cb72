/** `submission`: the status of a file that was too large to be submitted within an HTTP call. */
import { createFindExecution } from '../shared/aws/playbook/find-execution.ts';
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import { answerSubmissionStatus } from '../shared/operations/submission-status/answer.ts';
import { submissionStatus } from '../shared/operations/submission-status/operation.ts';

const services = { findExecution: createFindExecution(process.env) };

export const handler = operationHandler(submissionStatus, (request, limits) =>
  answerSubmissionStatus(services, request, limits),
);
