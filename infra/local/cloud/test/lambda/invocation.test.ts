import { expect, test, vi } from 'vitest';
import { UnknownFunctionError } from '../../src/types.ts';
import { POLL, start } from './harness.ts';

test('passes event and context, and returns what the handler returns', async () => {
  const { invoke, invocations } = start();
  const answer = await invoke({ one: 1 });
  expect(answer.event).toEqual({ one: 1 });
  expect(answer.context).toMatchObject({
    functionName: 'fixture',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:fixture',
    logGroupName: '/aws/lambda/fixture',
    awsRequestId: invocations[0]?.requestId,
  });
  expect(answer.leftMs).toBeGreaterThan(20_000);
  expect(answer.leftMs).toBeLessThanOrEqual(30_000);
});

test.each([['FixtureFunction'], ['arn:aws:lambda:us-east-1:000000000000:function:fixture']])(
  'finds the function by %s',
  async (name) => {
    expect(await start().service.invoke(name, '{}')).toMatchObject({ status: 'succeeded' });
  },
);

test('refuses an unknown function', async () => {
  await expect(start().service.invoke('other', '{}')).rejects.toBeInstanceOf(UnknownFunctionError);
});

test('does not pass on the environment of this process', async () => {
  vi.stubEnv('LAMBDA_TEST_SECRET', 'leak');
  const { environment } = await start().invoke({});
  vi.unstubAllEnvs();
  expect(environment).not.toHaveProperty('LAMBDA_TEST_SECRET');
  expect(environment).not.toHaveProperty('HOME');
  expect(environment).not.toHaveProperty('LOCAL_CLOCK');
  expect(environment).toMatchObject({
    OWN: 'value',
    AWS_ACCESS_KEY_ID: 'FixtureRole',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
  });
});

test('sets the environment of Lambda, and ignores configuration files of the SDK', async () => {
  vi.stubEnv('NODE_EXTRA_CA_CERTS', '/dev/null');
  const { directory, invoke } = start({}, { environment: { FURTHER: 'too' } });
  const { environment } = await invoke({});
  vi.unstubAllEnvs();
  expect(environment).toMatchObject({
    PATH: process.env.PATH,
    NODE_EXTRA_CA_CERTS: '/dev/null',
    FURTHER: 'too',
    TZ: ':UTC',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'fixture',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: 'index.handler',
    _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/),
    AWS_SECRET_ACCESS_KEY: expect.any(String),
    AWS_SESSION_TOKEN: expect.any(String),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
});

test('accepts an event of 6 MB, and refuses a larger one', async () => {
  const { invoke, invocations } = start();
  const rest = JSON.stringify({ text: '', length: 1 }).length;
  const text = 'x'.repeat(6 * 2 ** 20 - rest);
  expect(await invoke({ text: `${text}x`, length: 1 })).toEqual({
    status: 'failed',
    error: {
      errorType: 'RequestTooLargeException',
      errorMessage: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    },
  });
  expect(invocations).toEqual([]);
  expect(await invoke({ text, length: 1 })).toBe('x');
});

test('reuses the process, and reports cold starts', async () => {
  const { invoke, invocations } = start();
  const pids = [(await invoke({})).pid, (await invoke({})).pid];
  expect(pids[0]).toBe(pids[1]);
  expect(invocations.map(({ isCold }) => isCold)).toEqual([true, false]);
});

test('passes on what the function writes, line by line', async () => {
  const { invoke, lines } = start();
  await invoke({ log: 'hello' });
  await expect.poll(() => lines.map((line) => JSON.parse(line).message), POLL).toEqual(['hello']);
});
