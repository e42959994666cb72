/** SQS of the local run: unmodified fauxqs on the run's clock, with each call recorded by its queue's ARN. */
import type { IncomingHttpHeaders } from 'node:http';
import { buildApp } from 'fauxqs';
import { type Clock, createClock } from '../../clock.ts';
import { isRecord, ownField } from '../../json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../types.ts';
import { readBody } from '../http/json.ts';
import { AwsRefusal } from '../http/refusal.ts';
import type { AwsService } from '../http/service.ts';
import { toClockTime, toRealTime } from './clock-times.ts';
import { TraceHeaders } from './trace-headers.ts';

/** Starts SQS, without queues. Its queue URLs have the host that a client asked. */
export async function createSqs(clock: Clock = createClock()): Promise<AwsService> {
  const app = buildApp({ logger: false, defaultRegion: LOCAL_REGION });
  await app.ready();
  const traceHeaders = new TraceHeaders();
  return {
    names: ['sqs'],
    async handle({ note, region, request, response }) {
      const action = /^AmazonSQS\.(\w+)$/.exec(
        request.headers['x-amz-target']?.toString() ?? '',
      )?.[1];
      if (!action) {
        throw new AwsRefusal('MissingAction', 'SQS is served by its JSON protocol: x-amz-target.');
      }
      const body = parse(await readBody(request));
      note(`sqs:${permissionOf(action)}`, [queueArn(region, body)]);
      const { authorization, host } = request.headers;
      const call = (name: string, payload: object) =>
        callEngine(app, { authorization, host }, name, payload);
      const defaults = async () => {
        const input = { QueueUrl: body.QueueUrl, AttributeNames: ['All'] };
        return attributesIn((await call('GetQueueAttributes', input)).body);
      };
      const answer = await call(action, await toRealTime(action, body, clock, defaults));
      const trace = request.headers['x-amzn-trace-id']?.toString();
      const text = traceHeaders.through(action, body, answer.body, trace);
      const queryError = answer.headers['x-amzn-query-error'];
      if (queryError !== undefined) response.setHeader('x-amzn-query-error', queryError);
      response.writeHead(answer.statusCode, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(toClockTime(withOwnUrls(action, text, host), clock));
    },
    close: () => app.close(),
  };
}

function callEngine(
  app: ReturnType<typeof buildApp>,
  headers: Pick<IncomingHttpHeaders, 'authorization' | 'host'>,
  action: string,
  payload: object,
) {
  return app.inject({
    method: 'POST',
    url: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
      ...headers,
    },
    payload,
  });
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

function queueArn(region: string, { QueueName, QueueUrl }: Readonly<Record<string, unknown>>) {
  const name = QueueName ?? (typeof QueueUrl === 'string' ? QueueUrl.split('/').at(-1) : '*');
  return `arn:aws:sqs:${region}:${LOCAL_ACCOUNT}:${name}`;
}

function attributesIn(answer: string): Record<string, string> {
  const attributes = ownField(JSON.parse(answer), 'Attributes');
  const entries = Object.entries(isRecord(attributes) ? attributes : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function parse(payload: Buffer): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(payload.toString());
    return isRecord(body) ? body : {};
  } catch {
    throw new AwsRefusal('SerializationException', 'The body is not JSON.');
  }
}
