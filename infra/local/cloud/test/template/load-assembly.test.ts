import { describe, expect, it } from 'vitest';
import { loadAssembly } from '../../src/template/load-assembly.ts';
import { inDirectory, stackOf, writeAssembly } from '../../src/testing/assembly.ts';
import { arn } from './harness.ts';

describe('buckets', () => {
  it('tell EventBridge when the template says so', () => {
    const stack = stackOf({
      Plain: { Type: 'AWS::S3::Bucket' },
      Telling: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          NotificationConfiguration: { EventBridgeConfiguration: {} },
          ObjectLockEnabled: true,
        },
      },
    });
    expect(stack.buckets).toMatchObject([
      { logicalId: 'Plain', sendsToEventBridge: false, isVersioned: false, hasObjectLock: false },
      { logicalId: 'Telling', sendsToEventBridge: true, hasObjectLock: true },
    ]);
  });
});

describe('queues', () => {
  it('come with attributes for CreateQueue, dead-letter queues first', () => {
    const { queues } = stackOf({
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: 900,
          RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 3 },
        },
      },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      QueuePolicy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Jobs' }] } },
    });
    const deadArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    expect(queues).toMatchObject([
      { logicalId: 'Dead', name: 'dead', arn: deadArn, attributes: {} },
      {
        logicalId: 'Jobs',
        deadLetterArn: deadArn,
        attributes: {
          VisibilityTimeout: '900',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 3 }),
        },
      },
    ]);
  });
});

describe('stores', () => {
  it('are tables with their properties, and secrets with theirs', () => {
    const stack = stackOf({
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'state', BillingMode: 'X' } },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'n', SecretString: 'v' } },
    });
    expect(stack.tables).toMatchObject([{ name: 'state', properties: { BillingMode: 'X' } }]);
    expect(stack.secrets).toMatchObject([{ name: 'n', value: 'v' }]);
  });

  it('are refused when a value would have to be generated', () => {
    const Properties = { GenerateSecretString: {} };
    expect(() => stackOf({ S: { Type: 'AWS::SecretsManager::Secret', Properties } })).toThrow(
      'S (AWS::SecretsManager::Secret) cannot run here: GenerateSecretString (not supported)',
    );
  });
});

describe('the template as a whole', () => {
  it('is refused with conditions', () => {
    const Conditions = { IsRed: { 'Fn::Equals': ['a', 'a'] } };
    expect(() => stackOf({}, { Conditions })).toThrow(
      'does not support conditions; the template has IsRed.',
    );
  });

  it('takes types that do nothing here', () => {
    const types = ['AWS::Logs::LogGroup', 'AWS::CloudWatch::Alarm', 'AWS::CDK::Metadata'];
    const resources = types.map((Type, index) => [`R${index}`, { Type }]);
    expect(stackOf(Object.fromEntries(resources)).functions).toEqual([]);
  });

  it('is refused with macros', () => {
    expect(() => stackOf({}, { Transform: 'AWS::Serverless-2016-10-31' })).toThrow(
      'does not support macros',
    );
  });

  it.each([[[]], [['One', 'Two']]])('is one stack: %j', (names) => {
    inDirectory((directory) => {
      writeAssembly(directory, { Resources: {} }, names);
      expect(() => loadAssembly(directory)).toThrow(
        `one stack; got ${names.join(', ') || 'none'}.`,
      );
    });
  });
});
