import { rmSync } from 'node:fs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import type { RunningStack } from '../../src/stack/options.ts';
import { runStack } from '../../src/stack/run-stack.ts';
import { writeHello } from './hello.ts';

const machineArn = { 'Fn::GetAtt': ['Machine', 'Arn'] };
const roleArn = { 'Fn::GetAtt': ['Role', 'Arn'] };
const resources = {
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: roleArn,
      Definition: {
        StartAt: 'Call',
        States: {
          Call: { Type: 'Task', Resource: { 'Fn::GetAtt': ['Hello', 'Arn'] }, End: true },
        },
      },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['test'] },
      State: 'ENABLED',
      Targets: [{ Id: 'a', Arn: machineArn, RoleArn: roleArn }],
    },
  },
};

/** What the role is denied. */
const denied = new Set<string>();
const reports: string[] = [];
let directory: string;
let stack: RunningStack;

beforeAll(async () => {
  directory = writeHello(resources);
  stack = await runStack({
    directory,
    clock: createClock(),
    apiPort: 0,
    awsPort: 0,
    mayCall: ({ logicalId }, action) => logicalId !== 'Role' || !denied.has(action),
    external: () => ({ secrets: [], buckets: ['the-bucket'], buses: [] }),
    listener: {
      onDelivery: ({ outcome, error }) =>
        reports.push(`${outcome} ${error?.code} ${error?.message}`),
    },
  });
});
afterAll(async () => {
  await stack.close();
  rmSync(directory, { recursive: true });
});

/** Clients that call as a role, or as anyone else. */
function clientOptions(accessKeyId: string) {
  const credentials = { accessKeyId, secretAccessKey: 'any' };
  return { endpoint: stack.awsUrl, region: 'us-east-1', credentials, maxAttempts: 1 };
}

const machine = () => stack.stateMachines.stateMachines[0]?.arn ?? '';

it('refuses a role what it may not do, before anything is done, and no other caller', async () => {
  denied.add('s3:PutObject');
  const s3 = (id: string) => new S3Client({ ...clientOptions(id), forcePathStyle: true });
  const object = { Bucket: 'the-bucket', Key: 'a' };
  await expect(
    s3('Role').send(new PutObjectCommand({ ...object, Body: 'x' })),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /^User: arn:aws:iam::\d+:role\/\S+ is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::the-bucket\/a$/,
    ),
  });
  await expect(s3('local').send(new GetObjectCommand(object))).rejects.toThrow('does not exist');
  await s3('local').send(new PutObjectCommand({ ...object, Body: 'x' }));
});

it('refuses in the words of services with JSON', async () => {
  denied.add('states:StartExecution');
  const sfn = new SFNClient(clientOptions('Role'));
  await expect(
    sfn.send(new StartExecutionCommand({ stateMachineArn: machine() })),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it('delivers no event with a role that may not start the target', async () => {
  denied.add('states:StartExecution');
  const events = new EventBridgeClient(clientOptions('local'));
  await events.send(
    new PutEventsCommand({ Entries: [{ Source: 'test', DetailType: 'a', Detail: '{}' }] }),
  );
  await stack.bus.idle();
  expect(reports).toEqual([expect.stringMatching(/^dropped NO_PERMISSIONS User: /)]);
});

it('invokes functions with the role of the state machine', async () => {
  const run = async () => {
    const { executionArn } = stack.stateMachines.startExecution({ stateMachineArn: machine() });
    return stack.stateMachines.ended(executionArn);
  };
  expect(await run()).toMatchObject({ status: 'SUCCEEDED' });
  denied.add('lambda:InvokeFunction');
  expect(await run()).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
});
