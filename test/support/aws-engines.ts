/** S3, SQS and Secrets Manager on one machine, for functions that run in the test's process. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createClock } from '@local/cloud';
import { createSecretsManager, startAwsEndpoint } from '@local/cloud/aws';
import {
  createStepFunctionsApi,
  StepFunctionsEngine,
  type Workflow,
} from '@local/cloud/step-functions';
import { StubInvoker } from '@local/cloud/testing';
import { buildApp } from 'fauxqs';
import { onTestFinished } from 'vitest';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';

/** A wait that a function asked the queue for. */
export interface AskedWait {
  readonly action: 'ChangeMessageVisibility' | 'SendMessage';
  /** Seconds that were asked for; none were waited. */
  readonly seconds: number;
}

/** S3 and SQS. */
export interface Engines {
  readonly url: string;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  /** Method, path and query of every S3 request, and its `If-Match`. */
  readonly s3Requests: readonly { method: string; url: string; ifMatch: string | undefined }[];
  /** Every wait that was asked for; time stands still, so each was over at once. */
  readonly waits: AskedWait[];
  /** Puts an object. @returns its ETag without quotes, and its size */
  put(
    bucket: string,
    key: string,
    body: string | Uint8Array,
  ): Promise<{ etag: string; size: number }>;
  /** Makes a queue with a dead-letter queue. @returns URL and ARN of both */
  createQueues(maxReceiveCount: number): Promise<{ queue: TestQueue; deadLetters: TestQueue }>;
}

/** A queue. */
export interface TestQueue {
  readonly url: string;
  readonly arn: string;
}

/** Starts fauxqs with some buckets; it ends with the test. */
export async function startEngines(...buckets: readonly string[]): Promise<Engines> {
  const app = buildApp({ logger: false, defaultRegion: region });
  const s3Requests: { method: string; url: string; ifMatch: string | undefined }[] = [];
  const waits: AskedWait[] = [];
  app.addHook('preHandler', async ({ method, url, headers, body }) => {
    const target = String(headers['x-amz-target'] ?? '');
    if (target === '') s3Requests.push({ method, url, ifMatch: headers['if-match'] });
    const action = target.replace('AmazonSQS.', '');
    if (action === 'ChangeMessageVisibility' || action === 'SendMessage') {
      waits.push({ action, seconds: withoutWait(body) });
    }
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const s3 = new S3Client({ endpoint: url, region, credentials, forcePathStyle: true });
  const sqs = new SQSClient({ endpoint: url, region, credentials, useQueueUrlAsEndpoint: false });
  onTestFinished(async () => {
    s3.destroy();
    sqs.destroy();
    app.server.closeAllConnections();
    await app.close();
  });
  for (const bucket of buckets) await fetch(`${url}/${bucket}`, { method: 'PUT' });
  return {
    url,
    s3,
    sqs,
    s3Requests,
    waits,
    async put(Bucket, Key, Body) {
      const { ETag = '' } = await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      return { etag: ETag.replaceAll('"', ''), size: Buffer.byteLength(Body) };
    },
    async createQueues(maxReceiveCount) {
      const deadLetters = await createQueue(sqs, 'dead-letters', {});
      const RedrivePolicy = JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount,
      });
      const queue = await createQueue(sqs, 'events', { RedrivePolicy, VisibilityTimeout: '0' });
      return { queue, deadLetters };
    },
  };
}

/** Removes the delay from a request, so that tests do not wait. */
function withoutWait(body: unknown): number {
  if (typeof body !== 'object' || body === null) return Number.NaN;
  const name = 'VisibilityTimeout' in body ? 'VisibilityTimeout' : 'DelaySeconds';
  const seconds = Number(Reflect.get(body, name) ?? 0);
  Reflect.set(body, name, 0);
  return seconds;
}

async function createQueue(
  sqs: SQSClient,
  QueueName: string,
  Attributes: Record<string, string>,
): Promise<TestQueue> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const { Attributes: attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn: attributes?.QueueArn ?? '' };
}

/** Receives what there is, as Lambda's poller does. @returns the event's records; empty when there are none */
export async function receive(sqs: SQSClient, { url, arn }: TestQueue) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map((message) => ({
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ...message.Attributes },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  }));
}

/** Starts Secrets Manager with one secret; it ends with the test. */
export async function startSecret(value: string): Promise<{ url: string; arn: string }> {
  const secrets = createSecretsManager();
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:key-AbCdEf';
  secrets.create({ name: 'key', arn, value });
  const endpoint = await startAwsEndpoint({ services: [secrets], recorder: { record() {} } });
  onTestFinished(() => endpoint.close());
  return { url: endpoint.url, arn };
}

/** A state machine that functions start. */
export interface TestPlaybook {
  readonly engine: StepFunctionsEngine;
  readonly arn: string;
  /** Environment of a function that starts it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Executions that wait for an hour. */
const waitForAnHour: Workflow = {
  StartAt: 'Wait',
  States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } },
};

/** Starts Step Functions with one state machine; it ends with the test. */
export async function startPlaybook(definition = waitForAnHour): Promise<TestPlaybook> {
  const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:SubmitFile';
  const engine = new StepFunctionsEngine({
    stateMachines: [{ arn, name: 'SubmitFile', definition }],
    invoker: new StubInvoker({}),
    clock: createClock(1),
  });
  const services = [createStepFunctionsApi(engine)];
  const endpoint = await startAwsEndpoint({ services, recorder: { record() {} } });
  onTestFinished(() => endpoint.close());
  const environment = {
    AWS_ENDPOINT_URL_SFN: endpoint.url,
    SUBMIT_FILE_STATE_MACHINE_ARN: arn,
  };
  return { engine, arn, environment };
}
