/** SQS of the local run: unmodified fauxqs, with each call recorded by its queue's ARN. */
import { buildApp } from 'fauxqs';
import { isRecord } from '../json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { readBody } from './http/json.ts';
import { AwsRefusal } from './http/refusal.ts';
import type { AwsService } from './http/service.ts';

/** Starts SQS, without queues. Its queue URLs have the host that a client asked. */
export async function createSqs(): Promise<AwsService> {
  const app = buildApp({ logger: false, defaultRegion: LOCAL_REGION });
  await app.ready();
  return {
    names: ['sqs'],
    async handle({ note, region, request, response }) {
      const action = /^AmazonSQS\.(\w+)$/.exec(
        request.headers['x-amz-target']?.toString() ?? '',
      )?.[1];
      if (!action) {
        throw new AwsRefusal('MissingAction', 'SQS is served by its JSON protocol: x-amz-target.');
      }
      const payload = await readBody(request);
      note(`sqs:${permissionOf(action)}`, [queueArn(region, parse(payload))]);
      const answer = await app.inject({
        method: 'POST',
        url: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${action}`,
          authorization: request.headers.authorization,
          host: request.headers.host,
        },
        payload,
      });
      const queryError = answer.headers['x-amzn-query-error'];
      if (queryError !== undefined) response.setHeader('x-amzn-query-error', queryError);
      response.writeHead(answer.statusCode, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(withOwnUrls(action, answer.body, request.headers.host));
    },
    close: () => app.close(),
  };
}

/** fauxqs builds queue URLs with its own host name, which may not resolve. */
function withOwnUrls(action: string, body: string, host: string | undefined): string {
  if (!/^(?:CreateQueue|GetQueueUrl|ListQueues)$/.test(action)) return body;
  return body.replace(/"http:\/\/sqs\.[\w-]+\.localhost[:\d]*\//g, `"http://${host}/`);
}

/** A batch needs the permission of its single call. */
function permissionOf(action: string): string {
  return action.replace(/^(SendMessage|DeleteMessage|ChangeMessageVisibility)Batch$/, '$1');
}

function queueArn(region: string, body: unknown): string {
  const { QueueName, QueueUrl } = isRecord(body) ? body : {};
  const name = QueueName ?? (typeof QueueUrl === 'string' ? QueueUrl.split('/').at(-1) : '*');
  return `arn:aws:sqs:${region}:${LOCAL_ACCOUNT}:${name}`;
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    throw new AwsRefusal('SerializationException', 'The body is not JSON.');
  }
}
