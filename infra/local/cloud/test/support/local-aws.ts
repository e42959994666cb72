/** An endpoint with S3 and SQS for tests, and its clients. */
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startAwsEndpoint } from '../../src/aws/http/endpoint.ts';
import { type ObjectCreated, openS3 } from '../../src/aws/s3/s3.ts';
import { createSqs } from '../../src/aws/sqs/sqs.ts';
import { RecordedCalls } from '../../src/testing/recorded-calls.ts';

/** Starts both services, with the buckets `plain` (without versions) and `versioned`. */
export async function startLocalAws(now?: () => number) {
  const recorder = new RecordedCalls();
  const created: ObjectCreated[] = [];
  const s3 = await openS3({
    onObjectCreated: (event) => created.push(event),
    ...(now === undefined ? {} : { now }),
  });
  s3.createBucket('plain');
  s3.createBucket('versioned', { versioned: true });
  const endpoint = await startAwsEndpoint({ services: [s3, await createSqs()], recorder });
  const options = {
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'TestRole', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const clients = { s3: new S3Client(options), sqs: new SQSClient(options) };
  return {
    ...clients,
    url: endpoint.url,
    options,
    recorder,
    /** Events, oldest first. */
    created,
    async close() {
      clients.s3.destroy();
      clients.sqs.destroy();
      await endpoint.close();
    },
  };
}
