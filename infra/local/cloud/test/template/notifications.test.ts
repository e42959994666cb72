import { describe, expect, it } from 'vitest';
import type { LocalStack } from '../../src/template/load-assembly.ts';
import { stackOf } from '../../src/testing/assembly.ts';
import { arn, role } from './harness.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:scan';

/** A bucket, targets, and CDK's function for its custom resource, which is written in Python. */
function load(bucket: object, ...customs: readonly object[]): LocalStack {
  const fn = (name: string, properties: object) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: name, Handler: 'index.handler', Role: arn('Role'), ...properties },
    Metadata: { 'aws:asset:path': 'asset.1' },
  });
  return stackOf({
    ...role('Role'),
    Uploads: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'uploads', ...bucket } },
    Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    Fifo: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: 'jobs.fifo', FifoQueue: true },
    },
    Scan: fn('scan', { Runtime: 'nodejs24.x' }),
    Handler: fn('handler', { Runtime: 'python3.13', Code: { ZipFile: 'import json' } }),
    ...Object.fromEntries(
      (customs.length > 0 ? customs : [{}]).map((custom, index) => [
        `Custom${index}`,
        {
          Type: 'Custom::S3BucketNotifications',
          Properties: {
            ServiceToken: arn('Handler'),
            BucketName: { Ref: 'Uploads' },
            NotificationConfiguration: custom,
            Managed: true,
            SkipDestinationValidation: false,
          },
        },
      ]),
    ),
  });
}

const toFunction = (more: object = {}) => ({
  Events: ['s3:ObjectCreated:*'],
  LambdaFunctionArn: arn('Scan'),
  ...more,
});
const toQueue = (more: object = {}) => ({
  Events: ['s3:ObjectCreated:*'],
  QueueArn: arn('Jobs'),
  ...more,
});
const filter = (...rules: readonly [string, string][]) => ({
  Filter: { Key: { FilterRules: rules.map(([Name, Value]) => ({ Name, Value })) } },
});

it('come from the custom resource, whose function does not run', () => {
  const { functions, notifications } = load(
    {},
    {
      LambdaFunctionConfigurations: [toFunction({ Id: 'own', ...filter(['Prefix', 'in/']) })],
      QueueConfigurations: [toQueue(filter(['prefix', 'q/'], ['suffix', '.exe']))],
    },
  );
  expect(functions.map(({ name }) => name)).toEqual(['scan']);
  const common = { bucket: 'uploads', events: ['s3:ObjectCreated:*'], isTested: true };
  expect(notifications).toEqual([
    { ...common, id: 'own', rules: [{ name: 'prefix', value: 'in/' }], targetArn: FUNCTION },
    {
      ...common,
      id: 'Custom0-1',
      rules: [
        { name: 'prefix', value: 'q/' },
        { name: 'suffix', value: '.exe' },
      ],
      targetArn: QUEUE,
    },
  ]);
});

it('come from the properties of the bucket', () => {
  const Filter = { S3Key: { Rules: [{ Name: 'suffix', Value: '.exe' }] } };
  const { notifications } = load({
    NotificationConfiguration: {
      LambdaConfigurations: [{ Event: 's3:ObjectCreated:Put', Function: arn('Scan'), Filter }],
      QueueConfigurations: [{ Event: 's3:ObjectCreated:Copy', Queue: arn('Jobs') }],
    },
  });
  expect(notifications).toMatchObject([
    {
      bucket: 'uploads',
      events: ['s3:ObjectCreated:Put'],
      rules: [{ name: 'suffix', value: '.exe' }],
      targetArn: FUNCTION,
    },
    { bucket: 'uploads', events: ['s3:ObjectCreated:Copy'], rules: [], targetArn: QUEUE },
  ]);
});

it('go to EventBridge, with the custom resource as well', () => {
  const [bucket] = load({}, { EventBridgeConfiguration: {} }).buckets;
  expect(bucket?.sendsToEventBridge).toBe(true);
  expect(load({}, {}).buckets[0]?.sendsToEventBridge).toBe(false);
});

describe('are refused', () => {
  it.each<[string, object]>([
    [
      'TopicConfigurations (not supported)',
      { TopicConfigurations: [{ Events: ['s3:ObjectCreated:*'], TopicArn: 'arn:aws:sns:x' }] },
    ],
    [
      'the local S3 does not send s3:ObjectRemoved:*, only s3:ObjectCreated:*',
      { QueueConfigurations: [toQueue({ Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] })] },
    ],
    [
      'the filter rule contains is neither prefix nor suffix',
      { QueueConfigurations: [toQueue(filter(['contains', 'x']))] },
    ],
    [
      'a filter has more than one prefix or suffix',
      { QueueConfigurations: [toQueue(filter(['prefix', 'x'], ['prefix', 'y']))] },
    ],
    [
      'S3 does not send notifications to FIFO queues, such as arn:aws:sqs:us-east-1:000000000000:jobs.fifo',
      { QueueConfigurations: [toQueue({ QueueArn: arn('Fifo') })] },
    ],
    [
      'the template does not have its function or queue arn:aws:lambda:us-east-1:1:function:other',
      {
        LambdaFunctionConfigurations: [
          toFunction({ LambdaFunctionArn: 'arn:aws:lambda:us-east-1:1:function:other' }),
        ],
      },
    ],
  ])('%s', (message, custom) => {
    expect(() => load({}, custom)).toThrow(
      `Custom0 (Custom::S3BucketNotifications) cannot run here: ${message.startsWith('Topic') ? 'NotificationConfiguration.' : ''}${message}`,
    );
  });

  it('for topics, as properties of the bucket', () => {
    const NotificationConfiguration = { TopicConfigurations: [] };
    expect(() => load({ NotificationConfiguration })).toThrow(
      'NotificationConfiguration.TopicConfigurations (not supported)',
    );
  });

  const both = (one: object, two: object) => ({
    LambdaFunctionConfigurations: [toFunction(one)],
    QueueConfigurations: [toQueue(two)],
  });
  const put = { Events: ['s3:ObjectCreated:Put'] };
  it.each([
    ['the same events', {}, {}],
    ['events of which one includes the other', {}, put],
    ['prefixes of which one includes the other', filter(['prefix', 'a/']), filter(['prefix', ''])],
    [
      'different suffixes of which one includes the other',
      filter(['suffix', '.gz']),
      filter(['suffix', '.tar.gz']),
    ],
    ['a prefix and a suffix', filter(['prefix', 'a/']), filter(['suffix', '.exe'])],
  ])('for two targets of %s, as S3 does', (_, one, two) => {
    expect(() => load({}, both(one, two))).toThrow(
      `S3 refuses two notifications of uploads for the same events and keys, to ${FUNCTION} and ${QUEUE}`,
    );
  });

  it.each([
    ['other events', put, { Events: ['s3:ObjectCreated:Copy'] }],
    ['other prefixes', filter(['prefix', 'a/']), filter(['prefix', 'b/'])],
    ['other suffixes', filter(['suffix', '.a']), filter(['suffix', '.b'])],
  ])('but not for %s', (_, one, two) => {
    expect(load({}, both(one, two)).notifications).toHaveLength(2);
  });
});
