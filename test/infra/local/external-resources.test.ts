import { stackOf } from '@local/cloud/testing';
import { expect, it } from 'vitest';
import { externalResources } from '../../../infra/local/external-resources.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/key-AbCdEf';

/** A stack with a bucket, a secret, a bus, and two functions that have these variables. */
const stackWith = (Variables: Readonly<Record<string, unknown>>) => {
  const fn = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Runtime: 'nodejs24.x',
      Environment: { Variables },
    },
    Metadata: { 'aws:asset:path': 'asset.1' },
  };
  return stackOf({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: { Statement: { Effect: 'Allow' } } },
    },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Secret: { Type: 'AWS::SecretsManager::Secret' },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'own' } },
    First: fn,
    Second: fn,
  });
};

it('lists once what functions name and the stack imports', () => {
  const stack = stackWith({
    VIRUSTOTAL_API_KEY_SECRET_ARN: ARN,
    UPLOAD_BUCKET: 'theirs',
    EVENT_BUS_NAME: 'shared',
  });
  expect(externalResources(stack)).toEqual({
    secrets: [{ arn: ARN, name: 'team/key-AbCdEf' }],
    buckets: ['theirs'],
    buses: ['shared'],
  });
});

it("leaves out the stack's own resources", () => {
  const stack = stackWith({
    VIRUSTOTAL_API_KEY_SECRET_ARN: { Ref: 'Secret' },
    UPLOAD_BUCKET: { Ref: 'Bucket' },
    EVENT_BUS_NAME: { Ref: 'Bus' },
  });
  expect(externalResources(stack)).toEqual({ secrets: [], buckets: [], buses: [] });
});

it('is empty for functions without these variables', () => {
  expect(externalResources(stackWith({}))).toEqual({ secrets: [], buckets: [], buses: [] });
});

it('has the imported buckets that send notifications', () => {
  const notification = { events: [], rules: [], targetArn: '', isTested: true };
  const notifications = ['theirs', 'theirs', 'own'].map((bucket, index) => ({
    id: `${index}`,
    bucket,
    ...notification,
  }));
  const stack = stackOf({ Own: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'own' } } });
  expect(externalResources({ ...stack, notifications }).buckets).toEqual(['theirs']);
});
