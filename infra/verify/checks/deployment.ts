/** The stack itself, and its secret. */
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { fileReputation, operations } from '../../../shared/operations/catalogue.ts';
import { samples } from '../../playbooks/samples.ts';
import type { Check } from '../check.ts';
import { eicar } from '../eicar.ts';
import { fieldOf } from '../field-of.ts';
import { invokeDirect } from '../invoke.ts';
import { CheckFailure, expectEqual } from '../outcomes.ts';
import { outputOf } from '../stack-of-account.ts';

/** Outputs of every deployment. */
const required: readonly string[] = [
  'ApiUrl',
  'UploadBucketName',
  'ReportBucketName',
  'ApiKeySecretArn',
  ...operations.map(({ id }) => `${id}FunctionArn`),
  ...Object.keys(samples).map((playbook) => `${playbook}StateMachineArn`),
];

/** The stack is deployed, and has its outputs. */
export const stackOutputs: Check = {
  id: 'outputs',
  proves: 'The stack is deployed completely, and its outputs are those in the README.',
  class: 'lookup',
  requests: 0,
  async run({ target }) {
    if (!/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(target.status)) {
      throw new CheckFailure(
        `the stack is ${target.status}; expected CREATE_COMPLETE or UPDATE_COMPLETE`,
      );
    }
    const missing = required.filter((name) => !target.outputs[name]);
    if (missing.length > 0)
      throw new CheckFailure(`the stack lacks the outputs ${missing.join(', ')}`);
    return `${target.status}, ${Object.keys(target.outputs).length} outputs`;
  },
};

/** The secret has a value, and VirusTotal takes it. */
export const apiKeySecret: Check = {
  id: 'secret',
  proves: 'The secret has a value that the functions can read, and VirusTotal accepts the key.',
  class: 'lookup',
  requests: 1,
  async run(context) {
    const arn = outputOf(context.target, 'ApiKeySecretArn');
    const { VersionIdsToStages: versions = {} } = await context.target.clients.secrets.send(
      new DescribeSecretCommand({ SecretId: arn }),
    );
    if (!Object.values(versions).flat().includes('AWSCURRENT')) {
      throw new CheckFailure(
        `the secret ${arn} has no value; put one: aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file://key.txt`,
      );
    }
    const answer = await invokeDirect(context, fileReputation, {
      hash: eicar.sha256,
      cache: 'bypass',
    });
    if ('error' in answer) {
      const { errorType, errorMessage } = answer.error;
      throw new CheckFailure(`a lookup with this key: got ${errorType}: ${errorMessage}`);
    }
    expectEqual('response_code of the EICAR test file', fieldOf(answer.output, 'response_code'), 1);
    return 'a lookup succeeds';
  },
};
