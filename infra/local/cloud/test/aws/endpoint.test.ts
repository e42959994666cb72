import { once } from 'node:events';
import { createServer } from 'node:net';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../src/aws/http/endpoint.ts';
import { answerJson, readBody } from '../../src/aws/http/json.ts';
import { AwsRefusal } from '../../src/aws/http/refusal.ts';
import type { AwsService } from '../../src/aws/http/service.ts';
import { RecordedCalls } from '../../src/testing/recorded-calls.ts';

const recorder = new RecordedCalls();
let endpoint: AwsEndpoint;
let closed = 0;

/** Answers what the body's SecretId asks for. */
const service: AwsService = {
  names: ['secretsmanager'],
  async handle({ request, response, note, principal, region }) {
    const { SecretId: id } = JSON.parse((await readBody(request)).toString());
    note('secretsmanager:GetSecretValue', [`arn:${id}`]);
    if (id === 'missing') throw new AwsRefusal('ResourceNotFoundException', 'No such secret.');
    if (id === 'broken') throw new Error('oops');
    answerJson(response, 200, { SecretString: `${principal} in ${region}` });
  },
  async close() {
    closed += 1;
  },
};

beforeAll(async () => {
  endpoint = await startAwsEndpoint({ services: [service], recorder, now: () => 0 });
});

afterAll(async () => {
  await endpoint.close();
  expect(closed).toBe(1);
});

function clientOptions() {
  return {
    endpoint: endpoint.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'SomeRole', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
}

function getSecret(id: string) {
  return new SecretsManagerClient(clientOptions()).send(
    new GetSecretValueCommand({ SecretId: id }),
  );
}

test('answers with the date of its clock, which need not be that of the machine', async () => {
  const { headers } = await fetch(endpoint.url);
  expect(headers.get('date')).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
});

test('dispatches by the credential scope, and records the caller and the status', async () => {
  expect(await getSecret('some')).toMatchObject({ SecretString: 'SomeRole in eu-west-1' });
  expect(recorder.calls.splice(0)).toEqual([
    {
      principal: 'SomeRole',
      action: 'secretsmanager:GetSecretValue',
      resources: ['arn:some'],
      status: 200,
    },
  ]);
});

test('answers the refusals of a service as AWS does', async () => {
  await expect(getSecret('missing')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'No such secret.',
    $metadata: { httpStatusCode: 400 },
  });
  expect(recorder.take()).toEqual(['secretsmanager:GetSecretValue arn:missing 400']);
});

test('answers 500 for a defect of a service', async () => {
  await expect(getSecret('broken')).rejects.toMatchObject({
    name: 'InternalFailure',
    $metadata: { httpStatusCode: 500 },
  });
  recorder.take();
});

test('says what it serves when it does not serve a service, in JSON', async () => {
  await expect(new SQSClient(clientOptions()).send(new ListQueuesCommand())).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The local run does not serve sqs. Served here: secretsmanager.',
  });
});

test('says what it serves when it does not serve a service, in XML', async () => {
  const s3 = new S3Client(clientOptions());
  await expect(s3.send(new ListBucketsCommand())).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The local run does not serve s3. Served here: secretsmanager.',
    $metadata: { httpStatusCode: 501 },
  });
});

/** Sends what a client of a service would send, and returns the answer. */
async function answerTo(name: string, headers: Record<string, string> = {}) {
  const scope = `SomeRole/20260101/us-east-1/${name}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const answer = await fetch(endpoint.url, {
    method: 'POST',
    headers: { authorization, ...headers },
  });
  return { status: answer.status, type: answer.headers.get('content-type'), answer };
}
const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const message = (name: string) =>
  `The local run does not serve ${name}. Served here: secretsmanager.`;

test.each([
  [
    'iam',
    form,
    /<ErrorResponse><Error><Type>Sender<.Type><Code>NotImplemented<.Code><Message>(.*)<.Message><.Error><RequestId>/,
  ],
  [
    'ec2',
    form,
    /<Response><Errors><Error><Code>NotImplemented<.Code><Message>(.*)<.Message><.Error><.Errors><RequestID>/,
  ],
  ['route53', {}, /<ErrorResponse><Error>.*<Code>NotImplemented<.Code><Message>(.*)<.Message>/],
  ['eks', {}, /^{"__type":"NotImplemented","message":"(.*)"}$/],
  [
    'kms',
    { 'x-amz-target': 'TrentService.ListKeys' },
    /^{"__type":"NotImplemented","message":"(.*)"}$/,
  ],
])('names %s in the protocol of its clients', async (name, headers, pattern) => {
  const { status, answer } = await answerTo(name, headers);
  expect([status, answer.headers.get('x-amzn-errortype')]).toEqual([501, 'NotImplemented']);
  expect(pattern.exec(await answer.text())?.[1]).toBe(message(name));
});

test('names a service whose clients read CBOR', async () => {
  const { type, answer } = await answerTo('monitoring', { 'smithy-protocol': 'rpc-v2-cbor' });
  expect([type, answer.headers.get('smithy-protocol')]).toEqual([
    'application/cbor',
    'rpc-v2-cbor',
  ]);
  const text = (value: string) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(value.length);
    return Buffer.concat([Buffer.from([0x79]), length, Buffer.from(value)]);
  };
  const texts = ['__type', 'NotImplemented', 'message', message('monitoring')];
  const expected = Buffer.concat([Buffer.from([0xa2]), ...texts.map(text)]);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(expected);
});

test('refuses a request that is not signed', async () => {
  const answer = await fetch(endpoint.url);
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
});

test('knows the service of a presigned URL', async () => {
  const credential = encodeURIComponent('Role/20260101/us-east-1/dynamodb/aws4_request');
  const answer = await fetch(`${endpoint.url}/?X-Amz-Credential=${credential}`);
  expect(await answer.text()).toContain('does not serve dynamodb');
});

test('lets a busy port through', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const address = busy.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(startAwsEndpoint({ services: [], recorder, port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  busy.close();
});
