/** `submission`: what became of a file that was too large to be sent within an HTTP call. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { awsClientDefaults } from '../shared/aws/client-defaults.ts';
import { findExecution } from '../shared/aws/playbook/find-execution.ts';
import { parseEnvironment, requiredVariable } from '../shared/environment.ts';
import { ObjectNotFoundError } from '../shared/errors.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { submission } from '../shared/operations/catalogue.ts';
import { submissionFound } from '../shared/operations/submission-status/map.ts';

const config = parseEnvironment({ SUBMIT_FILE_STATE_MACHINE_ARN: requiredVariable }, process.env);
const stateMachineArn = config.SUBMIT_FILE_STATE_MACHINE_ARN;
const client = new SFNClient(awsClientDefaults('SFN', process.env));

/** Handler of `submission`. */
export const handler = lambda(submission, async ({ id }, limits) => {
  const execution = await findExecution(client, stateMachineArn, id, limits);
  if (execution) return submissionFound(id, execution);
  throw new ObjectNotFoundError(
    `id: there is no submission ${id}; one is known for 90 days after its end`,
  );
});
