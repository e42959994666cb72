import { rmSync } from 'node:fs';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import type { RunningStack } from '../../src/stack/options.ts';
import { localClientOptions, queueUrl } from '../../src/stack/queues.ts';
import { runStack } from '../../src/stack/run-stack.ts';
import { until } from '../event-sources/harness.ts';
import { fn, writeHello } from './hello.ts';

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const prefix = (Value: string) => ({ S3Key: { Rules: [{ Name: 'prefix', Value }] } });

let directory: string;
let stack: RunningStack;
let s3: S3Client;
let sqs: SQSClient;
const lines: string[] = [];

beforeAll(async () => {
  directory = writeHello(
    {
      Jobs: { Type: 'AWS::SQS::Queue' },
      Worker: fn('worker'),
      Uploads: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketName: 'uploads',
          VersioningConfiguration: { Status: 'Enabled' },
          NotificationConfiguration: {
            QueueConfigurations: [
              { Event: 's3:ObjectCreated:*', Queue: arn('Jobs'), Filter: prefix('to queue/') },
            ],
            LambdaConfigurations: [
              { Event: 's3:ObjectCreated:Copy', Function: arn('Worker'), Filter: prefix('fn/') },
            ],
          },
        },
      },
    },
    { worker: 'export const handler = async (event) => console.log(JSON.stringify(event));' },
  );
  stack = await runStack({
    directory,
    clock: createClock(),
    apiPort: 0,
    awsPort: 0,
    listener: { onLine: (_, line) => lines.push(line) },
  });
  s3 = new S3Client({ ...localClientOptions(stack.awsUrl), forcePathStyle: true });
  sqs = new SQSClient(localClientOptions(stack.awsUrl));
});
afterAll(async () => {
  s3.destroy();
  sqs.destroy();
  await stack.close();
  rmSync(directory, { recursive: true });
});

/** Receives a message and leaves it hidden. */
async function received(): Promise<unknown> {
  const QueueUrl = queueUrl(stack.awsUrl, stack.stack.queues[0]?.arn ?? '');
  const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 });
  const [message] = (await sqs.send(command)).Messages ?? [];
  return JSON.parse(message?.Body ?? 'null');
}

it('tests the queue, then sends it a notification in the form of S3', async () => {
  expect(await received()).toMatchObject({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Bucket: 'uploads',
  });
  const Key = 'to queue/ä+(1).txt';
  await s3.send(new PutObjectCommand({ Bucket: 'uploads', Key: 'other/x', Body: '' }));
  const { VersionId, ETag } = await s3.send(
    new PutObjectCommand({ Bucket: 'uploads', Key, Body: 'hello' }),
  );
  expect(await received()).toMatchObject({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'Uploads-1',
          bucket: { name: 'uploads', arn: 'arn:aws:s3:::uploads' },
          object: {
            key: 'to+queue/%C3%A4%2B%281%29.txt',
            size: 5,
            eTag: ETag?.replaceAll('"', ''),
            versionId: VersionId,
            sequencer: expect.stringMatching(/^[\dA-F]+$/),
          },
        },
      },
    ],
  });
});

it('names the event after the way in which the object was created', async () => {
  const target = { Bucket: 'uploads', Key: 'to queue/parts' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const part = { ...target, UploadId, PartNumber: 1, Body: 'part' };
  const { ETag } = await s3.send(new UploadPartCommand(part));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
  expect(await received()).toMatchObject({
    Records: [{ eventName: 'ObjectCreated:CompleteMultipartUpload' }],
  });
});

it('invokes the function for the events and keys of its configuration', async () => {
  await s3.send(new PutObjectCommand({ Bucket: 'uploads', Key: 'fn/put', Body: 'x' }));
  await s3.send(
    new CopyObjectCommand({ Bucket: 'uploads', Key: 'fn/copy', CopySource: 'uploads/fn/put' }),
  );
  await until(() => lines.some((line) => line.includes('Records')));
  const text = lines.join('\n').replaceAll('\\"', '"');
  expect(text).toContain('"eventName":"ObjectCreated:Copy"');
  expect(text).toContain('"key":"fn/copy"');
  expect(text).not.toContain('"key":"fn/put"');
});
