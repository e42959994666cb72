import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../src/aws/http/endpoint.ts';
import { createClock } from '../../src/clock.ts';
import { StepFunctionsEngine } from '../../src/step-functions/engine.ts';
import { createStepFunctionsApi } from '../../src/step-functions/service.ts';
import { RecordedCalls } from '../../src/testing/recorded-calls.ts';
import { StubInvoker } from '../../src/testing/stub-invoker.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Machine';
const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:Machine:one';
const definition = {
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Task' },
    Task: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:Echo',
      End: true,
    },
  },
};
const recorder = new RecordedCalls();
let endpoint: AwsEndpoint;
let client: SFNClient;

beforeAll(async () => {
  const engine = new StepFunctionsEngine({
    stateMachines: [{ arn: stateMachineArn, name: 'Machine', definition }],
    invoker: new StubInvoker({ Echo: (input) => input }),
    clock: createClock(1000),
  });
  endpoint = await startAwsEndpoint({ services: [createStepFunctionsApi(engine)], recorder });
  client = new SFNClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'SomeRole', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});

afterAll(() => endpoint.close());

it('starts, describes and lists executions, and returns their history', async () => {
  const input = '{"seconds":1}';
  const started = await client.send(
    new StartExecutionCommand({ stateMachineArn, name: 'one', input }),
  );
  expect(started).toMatchObject({ executionArn, startDate: expect.any(Date) });
  await expect
    .poll(() => client.send(new DescribeExecutionCommand({ executionArn })), { timeout: 5000 })
    .toMatchObject({ status: 'SUCCEEDED', name: 'one', stateMachineArn, input, output: input });
  const { executions } = await client.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }),
  );
  expect(executions).toMatchObject([
    { executionArn, status: 'SUCCEEDED', stopDate: expect.any(Date) },
  ]);
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events?.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'WaitStateEntered',
    'WaitStateExited',
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  expect(new Set(recorder.take())).toEqual(
    new Set([
      `states:StartExecution ${stateMachineArn} 200`,
      `states:DescribeExecution ${executionArn} 200`,
      `states:ListExecutions ${stateMachineArn} 200`,
      `states:GetExecutionHistory ${executionArn} 200`,
    ]),
  );
});

it('stops an execution', async () => {
  const input = '{"seconds":1000000}';
  const started = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  await client.send(new StopExecutionCommand({ executionArn: started.executionArn, cause: 'why' }));
  expect(
    await client.send(new DescribeExecutionCommand({ executionArn: started.executionArn })),
  ).toMatchObject({ status: 'ABORTED', cause: 'why' });
});

it('lists and describes the state machines', async () => {
  const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
  expect(stateMachines).toMatchObject([{ name: 'Machine', stateMachineArn }]);
  const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(JSON.parse(described.definition ?? '')).toEqual(definition);
});

it.each([
  [() => client.send(new StartExecutionCommand({ stateMachineArn: 'x' })), 'InvalidArn'],
  [() => client.send(new StartExecutionCommand({ stateMachineArn: executionArn })), 'InvalidArn'],
  [
    () => client.send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}2` })),
    'StateMachineDoesNotExist',
  ],
  [
    () => client.send(new DescribeExecutionCommand({ executionArn: stateMachineArn })),
    'InvalidArn',
  ],
  [
    () => client.send(new DescribeExecutionCommand({ executionArn: `${executionArn}2` })),
    'ExecutionDoesNotExist',
  ],
  [
    () => client.send(new ListExecutionsCommand({ stateMachineArn, nextToken: 'eA' })),
    'InvalidToken',
  ],
  [
    () => client.send(new StartExecutionCommand({ stateMachineArn, input: 'no' })),
    'InvalidExecutionInput',
  ],
  [
    () => client.send(new StartExecutionCommand({ stateMachineArn, name: 'one', input: '{}' })),
    'ExecutionAlreadyExists',
  ],
])('returns AWS errors (%#)', async (send, name) => {
  await expect(send()).rejects.toMatchObject({ name });
});

it('names an action that it does not serve', async () => {
  const { protocol, hostname, port } = new URL(endpoint.url);
  const sync = new SFNClient({
    endpoint: `${protocol}//${hostname}:${port}`,
    disableHostPrefix: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'SomeRole', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  await expect(sync.send(new StartSyncExecutionCommand({ stateMachineArn }))).rejects.toMatchObject(
    { message: 'StartSyncExecution is not served locally.' },
  );
});
