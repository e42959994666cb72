import { describe, expect, it } from 'vitest';
import { stackOf } from '../../src/testing/assembly.ts';
import { arn, role } from './harness.ts';

/** A queue, a function, and a mapping between the two. */
function sourcesOf(mapping: object, queue: object = {}, fn: object = {}) {
  return stackOf({
    ...role('Role'),
    Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', ...queue } },
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'scan',
        Handler: 'index.handler',
        Role: arn('Role'),
        Runtime: 'nodejs24.x',
        ...fn,
      },
      Metadata: { 'aws:asset:path': 'asset.1' },
    },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: arn('Jobs'), FunctionName: { Ref: 'Fn' }, ...mapping },
    },
  }).eventSources;
}

it('have the defaults of Lambda', () => {
  expect(sourcesOf({})).toEqual([
    {
      logicalId: 'Source',
      queueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:scan',
      roleId: 'Role',
      isEnabled: true,
      batchSize: 10,
      batchingWindowMs: 0,
      reportsBatchItemFailures: false,
      maximumConcurrency: undefined,
    },
  ]);
});

it('have the settings of the template', () => {
  const mapping = {
    FunctionName: arn('Fn'),
    Enabled: 'false',
    BatchSize: '50',
    MaximumBatchingWindowInSeconds: 5,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  };
  expect(sourcesOf(mapping)).toMatchObject([
    {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:scan',
      isEnabled: false,
      batchSize: 50,
      batchingWindowMs: 5000,
      reportsBatchItemFailures: true,
      maximumConcurrency: 2,
    },
  ]);
});

describe('are refused', () => {
  const fifo = { QueueName: 'jobs.fifo', FifoQueue: true };
  it.each<[object, string, object?, object?]>([
    [{ EventSourceArn: 'arn:aws:kinesis:x' }, 'only SQS queues are polled, not "arn:aws:kinesis'],
    [{ EventSourceArn: 'arn:aws:dynamodb:x' }, 'only SQS queues are polled, not "arn:aws:dynamodb'],
    [
      { EventSourceArn: { Ref: 'AWS::NoValue' }, SelfManagedEventSource: {} },
      'only SQS queues are polled, not SelfManagedEventSource',
    ],
    [{ EventSourceArn: { Ref: 'AWS::NoValue' } }, 'not a source without EventSourceArn'],
    [{ FilterCriteria: { Filters: [] } }, 'FilterCriteria (not supported)'],
    [{ BisectBatchOnFunctionError: true }, 'BisectBatchOnFunctionError (not supported)'],
    [{ FunctionResponseTypes: ['Other'] }, 'FunctionResponseTypes.0'],
    [
      { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:other' },
      'the template does not have its queue arn:aws:sqs:us-east-1:000000000000:other',
    ],
    [{ FunctionName: 'other' }, 'the template does not have its function other'],
    [{ BatchSize: 0 }, 'BatchSize is 0, not 1 to 10000'],
    [{ BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, 'BatchSize is 10001'],
    [{ BatchSize: 11 }, 'BatchSize is 11; more than 10 need a MaximumBatchingWindowInSeconds'],
    [{ MaximumBatchingWindowInSeconds: 301 }, 'MaximumBatchingWindowInSeconds is 301'],
    [{ ScalingConfig: { MaximumConcurrency: 1 } }, 'MaximumConcurrency is 1, not 2 to 1000'],
    [{ BatchSize: 11 }, 'BatchSize is 11; a FIFO queue allows 10', fifo],
    [
      { MaximumBatchingWindowInSeconds: 1 },
      'MaximumBatchingWindowInSeconds is not for FIFO queues',
      fifo,
    ],
    [
      {},
      "the queue's VisibilityTimeout of 30 s is less than the function's Timeout of 31 s",
      {},
      { Timeout: 31 },
    ],
  ])('%j', (mapping, message, queue, fn) => {
    expect(() => sourcesOf(mapping, queue, fn)).toThrow(message);
    expect(() => sourcesOf(mapping, queue, fn)).toThrow(
      'Source (AWS::Lambda::EventSourceMapping) cannot run here: ',
    );
  });
});
