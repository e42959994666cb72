import { rmSync } from 'node:fs';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import type { RunningStack } from '../../src/stack/options.ts';
import { localClientOptions } from '../../src/stack/queues.ts';
import { runStack } from '../../src/stack/run-stack.ts';
import { fn, writeHello } from './hello.ts';

const speaking = `export const handler = async (event) => {
  process.stdout.write(JSON.stringify({ level: 'INFO', said: event.say }) + '\\n');
  return {};
};`;

let directory: string;
let stack: RunningStack;

beforeAll(async () => {
  const Speaking = fn('speaking', { LoggingConfig: { LogGroup: { Ref: 'Group' } } });
  const resources = { Speaking, Group: { Type: 'AWS::Logs::LogGroup' } };
  directory = writeHello(resources, { speaking });
  stack = await runStack({ directory, clock: createClock(), apiPort: 0, awsPort: 0 });
});
afterAll(async () => {
  await stack.close();
  rmSync(directory, { recursive: true });
});

const cloudFormation = () => new CloudFormationClient(localClientOptions(stack.awsUrl));

/** Calls CloudWatch Logs, whose client is not installed. */
async function filterLogEvents(input: object): Promise<{
  readonly events: readonly { readonly message: string }[];
  readonly nextToken?: string;
  readonly __type?: string;
}> {
  const response = await fetch(stack.awsUrl, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/logs/aws4_request, SignedHeaders=, Signature=',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
    },
    body: JSON.stringify(input),
  });
  return JSON.parse(await response.text());
}

it('describes the stack by its name and its ARN', async () => {
  const { StackId = '' } =
    (await cloudFormation().send(new DescribeStacksCommand({ StackName: 'Stack' }))).Stacks?.[0] ??
    {};
  expect(StackId).toMatch(/^arn:aws:cloudformation:us-east-1:000000000000:stack\/Stack\//);
  const { Stacks } = await cloudFormation().send(new DescribeStacksCommand({ StackName: StackId }));
  expect(Stacks).toEqual([
    {
      StackName: 'Stack',
      StackId,
      StackStatus: 'CREATE_COMPLETE',
      CreationTime: expect.any(Date),
      Outputs: [],
    },
  ]);
});

it('lists the resources with their physical ids', async () => {
  const { StackResourceSummaries = [] } = await cloudFormation().send(
    new ListStackResourcesCommand({ StackName: 'Stack' }),
  );
  const hello = StackResourceSummaries.find(({ LogicalResourceId: id }) => id === 'Hello');
  expect(hello).toMatchObject({
    ResourceType: 'AWS::Lambda::Function',
    PhysicalResourceId: stack.lambda.functions.find(({ logicalId }) => logicalId === 'Hello')?.name,
  });
  expect(StackResourceSummaries).toHaveLength(6);
});

it('refuses another stack, and other actions', async () => {
  await expect(
    cloudFormation().send(new DescribeStacksCommand({ StackName: 'Other' })),
  ).rejects.toThrow('Stack with id Other does not exist');
  await expect(
    cloudFormation().send(new UpdateStackCommand({ StackName: 'Stack' })),
  ).rejects.toThrow('does not serve cloudformation:UpdateStack');
});

it('keeps the lines of a function in its log group, in pages', async () => {
  const lambda = new LambdaClient(localClientOptions(stack.awsUrl));
  const { LoggingConfig } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: stack.lambda.functions.at(-1)?.name }),
  );
  const group = { logGroupName: LoggingConfig?.LogGroup };
  for (const say of ['one', 'two']) await stack.lambda.invoke('Speaking', JSON.stringify({ say }));
  await expect.poll(async () => (await filterLogEvents(group)).events.length).toBe(2);
  const first = await filterLogEvents({ ...group, limit: 1 });
  const { nextToken } = first;
  const second = await filterLogEvents({ ...group, nextToken });
  expect(
    [...first.events, ...second.events].map(({ message }) => JSON.parse(message).said),
  ).toEqual(['one', 'two']);
  expect(second.nextToken).toBeUndefined();
  expect((await filterLogEvents({ ...group, startTime: Date.now() + 60_000 })).events).toEqual([]);
  expect((await filterLogEvents({ logGroupName: 'other' })).__type).toBe(
    'ResourceNotFoundException',
  );
});
