/** The checks that change a deployment, against a server that answers as AWS documents. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Check } from '../../../infra/verify/check.ts';
import { emptySecret } from '../../../infra/verify/checks/empty-secret.ts';
import { createOutOfTime, ruleDelivery } from '../../../infra/verify/checks/failing-parts.ts';
import type { CheckContext } from '../../../infra/verify/context.ts';
import { destroyClients, openTarget } from '../../../infra/verify/stack-of-account.ts';
import { TemporaryObjects } from '../../../infra/verify/temporary-objects.ts';

const ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:Scan';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf';
const outputs = {
  UploadBucketName: 'uploads',
  ReportBucketName: 'reports',
  ApiKeySecretArn: SECRET,
  FileReputationFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:files',
  SubmitFileFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:submit',
  ScanUploadStateMachineArn: ARN,
};
const resources = [
  ['TriggerUploadBucket1', 'AWS::Events::Rule', 'the-rule'],
  ['TriggerDeadLetterQueue1', 'AWS::SQS::Queue', 'https://sqs.us-east-1.amazonaws.com/1/dead'],
] as const;

/** Answers a call by its name; bodies are JSON except CloudFormation's and S3's. */
let answers: Record<string, (body: string) => unknown>;
/** Names of the calls that change something, with what matters of their bodies. */
let calls: string[];
let server: Server;
let context: CheckContext;
let progress: string[];

const members = (list: readonly string[]) =>
  list.map((each) => `<member>${each}</member>`).join('');

const stackXml = () => {
  const found = Object.entries(outputs).map(
    ([key, value]) => `<OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>`,
  );
  const stack = `<StackName>S</StackName><StackId>arn:aws:cloudformation:us-east-1:123456789012:stack/S/1</StackId><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members(found)}</Outputs>`;
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks>${members([stack])}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;
};

const resourcesXml = () => {
  const found = resources.map(
    ([id, type, physical]) =>
      `<LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType><PhysicalResourceId>${physical}</PhysicalResourceId>`,
  );
  return `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${members(found)}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;
};

function nameOfCall(
  method: string,
  path: string,
  target: string | undefined,
  body: string,
): string {
  if (target) return target.split('.').at(-1) ?? '';
  const [, part = 'function'] = /\/functions\/[^/]+(?:\/(\w+))?$/.exec(path) ?? [];
  if (path.includes('/functions/')) return `${method} ${part}`;
  return new URLSearchParams(body).get('Action') ?? `${method} object`;
}

beforeEach(async () => {
  calls = [];
  progress = [];
  answers = { DescribeStacks: stackXml, ListStackResources: resourcesXml };
  server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = '', url = '' } = request;
    const path = url.split('?')[0] ?? '';
    const name = nameOfCall(method, path, request.headers['x-amz-target']?.toString(), body);
    const answer = answers[name]?.(body) ?? {};
    if (name === 'POST invocations' && JSON.stringify(answer).includes('errorType')) {
      response.setHeader('x-amz-function-error', 'Unhandled');
    }
    if (typeof answer === 'number') response.statusCode = answer;
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const local = { apiUrl: url, awsUrl: url, signs: true, credentials };
  // The checks are for accounts only.
  const target = { ...(await openTarget({ stack: 'S', local })), local: undefined };
  const guard = { note: async () => undefined, end: async () => undefined };
  const abort = new AbortController();
  context = {
    target,
    settings: { bucket: undefined, prefix: '', suffix: '', mayLock: false },
    runId: 'run',
    startedAt: 0,
    objects: new TemporaryObjects(target.clients.s3, guard),
    signal: abort.signal,
    progress: (line) => progress.push(line),
    sleep: async () => void (await sleep(1)),
    leave: () => undefined,
    shared: {},
  };
});

afterEach(async () => {
  destroyClients(context.target.clients);
  server.closeAllConnections();
  server.close();
});

const run = (check: Check) => check.run(context);

it('empties the secret, and makes the former version current again', async () => {
  let isEmpty = false;
  answers.DescribeSecret = () => ({
    VersionIdsToStages: { 'former-version-of-the-secret-0001': ['AWSCURRENT'] },
  });
  answers.PutSecretValue = (body) => {
    isEmpty = true;
    calls.push(`put ${JSON.parse(body).SecretString}`);
    return {};
  };
  answers.UpdateSecretVersionStage = (body) => {
    isEmpty = false;
    calls.push(`current ${JSON.parse(body).MoveToVersionId}`);
    return {};
  };
  answers['POST invocations'] = () =>
    isEmpty
      ? { errorType: 'ApiKeyError', errorMessage: `${SECRET} is empty` }
      : { response_code: 1 };
  expect(await run(emptySecret)).toBe('ApiKeyError, then an answer');
  expect(calls).toEqual(['put {}', 'current former-version-of-the-secret-0001']);
  expect(progress[0]).toContain('undo it with: aws secretsmanager update-secret-version-stage');
});

/** A rule whose target is noted whenever it is set. */
function answerRule(): void {
  answers.ListTargetsByRule = () => ({ Targets: [{ Id: 'a', Arn: ARN, RoleArn: 'role' }] });
  answers.PutTargets = (body) => {
    calls.push(JSON.parse(body).Targets[0].Arn);
    return { FailedEntryCount: 0 };
  };
}

it('points the rule elsewhere, takes the dead letter, and points it back', async () => {
  answerRule();
  const key = 'verify/run/undelivered.com';
  const message = (Body: string, ReceiptHandle: string) => {
    const MD5OfBody = createHash('md5').update(Body).digest('hex');
    return { MessageId: ReceiptHandle, Body, ReceiptHandle, MD5OfBody };
  };
  const [other, ours] = [message('{}', 'other'), message(JSON.stringify({ key }), 'ours')];
  answers.ReceiveMessage = () => ({ Messages: [other, ours] });
  answers.DeleteMessage = (body) => {
    calls.push(`delete ${JSON.parse(body).ReceiptHandle}`);
    return {};
  };
  expect(await run(ruleDelivery)).toBe('dead letter: without a code');
  expect(calls).toEqual([`${ARN}-none`, 'delete ours', ARN]);
});

it('points the rule back if the upload fails', async () => {
  answerRule();
  answers['PUT object'] = () => 403;
  await expect(run(ruleDelivery)).rejects.toThrow();
  expect(calls).toEqual([`${ARN}-none`, ARN]);
});

it('starves the function, and gives it back what it had', async () => {
  answers['GET configuration'] = () => ({ MemorySize: 512, Timeout: 900 });
  answers['GET function'] = () => ({ Configuration: { LastUpdateStatus: 'Successful' } });
  answers['PUT configuration'] = (body) => {
    calls.push(body);
    return {};
  };
  answers.ListExecutions = () => ({
    executions: [{ executionArn: 'scan', startDate: Date.now() / 1000 + 60 }],
  });
  const event = { detail: { object: { key: 'verify/run/large.com' } } };
  answers.DescribeExecution = () => ({
    status: 'SUCCEEDED',
    input: JSON.stringify(event),
    output: JSON.stringify({ outcome: 'failed', error: { name: 'Sandbox.Timedout' } }),
  });
  expect(await run(createOutOfTime(1000))).toBe('failed: {"name":"Sandbox.Timedout"}');
  expect(calls.map((body) => JSON.parse(body))).toEqual([
    { MemorySize: 128, Timeout: 3 },
    { MemorySize: 512, Timeout: 900 },
  ]);
});
