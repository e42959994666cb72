import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClock } from '../../src/clock.ts';
import {
  type Invocation,
  type LambdaService,
  type LambdaServiceOptions,
  startLambdaService,
} from '../../src/lambda/lambda-service.ts';
import { type LocalFunction, UnknownFunctionError } from '../../src/types.ts';

/** A busy machine takes its time. */
const POLL = { timeout: 10_000 };

let directory: string;
let service: LambdaService | undefined;
let lines: string[];
let invocations: Invocation[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-cloud-lambda-'));
  copyFileSync(join(import.meta.dirname, 'handler.fixture.mjs'), join(directory, 'index.mjs'));
  lines = [];
  invocations = [];
});
afterEach(async () => {
  await service?.close();
  rmSync(directory, { recursive: true });
});

function fixture(changes: Partial<LocalFunction> = {}): LocalFunction {
  return {
    logicalId: 'FixtureFunction',
    name: 'fixture',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:fixture',
    roleId: 'FixtureRole',
    directory,
    handler: 'index.handler',
    timeoutMs: 30_000,
    memoryMiB: 128,
    environment: { OWN: 'value' },
    ...changes,
  };
}

function start(fn = fixture(), options: Partial<LambdaServiceOptions> = {}): LambdaService {
  service = startLambdaService({
    functions: [fn],
    awsEndpointUrl: 'http://127.0.0.1:9',
    clock: createClock(),
    onLine: (_fn, line) => lines.push(line),
    onInvocation: (invocation) => invocations.push(invocation),
    ...options,
  });
  return service;
}

async function invoke(event: unknown) {
  const result = await service?.invoke('fixture', JSON.stringify(event));
  return result?.status === 'succeeded' ? JSON.parse(result.payload) : result;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('an invocation', () => {
  test('gives event and context, and answers what the handler returns', async () => {
    start();
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
      expect(await start().invoke(name, '{}')).toMatchObject({ status: 'succeeded' });
    },
  );

  test('refuses a function that is not there', async () => {
    await expect(start().invoke('other', '{}')).rejects.toBeInstanceOf(UnknownFunctionError);
  });

  test('inherits nothing of this environment', async () => {
    process.env.LAMBDA_TEST_SECRET = 'leak';
    start();
    const { environment } = await invoke({});
    delete process.env.LAMBDA_TEST_SECRET;
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

  test('finds the environment as on Lambda, and no configuration of whoever runs this', async () => {
    vi.stubEnv('NODE_EXTRA_CA_CERTS', '/dev/null');
    start(fixture(), { environment: { FURTHER: 'too' } });
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

  test('refuses an event over 6 MB, and no smaller one', async () => {
    start();
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

  test('keeps the process for the next, and says which was cold', async () => {
    start();
    const pids = [(await invoke({})).pid, (await invoke({})).pid];
    expect(pids[0]).toBe(pids[1]);
    expect(invocations.map(({ isCold }) => isCold)).toEqual([true, false]);
  });

  test('passes on what the function writes, a line at a time', async () => {
    start();
    await invoke({ log: 'hello' });
    await expect.poll(() => lines.map((line) => JSON.parse(line).message), POLL).toEqual(['hello']);
  });
});

describe('a failure', () => {
  test('carries the name, message and trace of what was thrown', async () => {
    start();
    expect(await invoke({ fail: 'no luck' })).toEqual({
      status: 'failed',
      error: {
        errorType: 'NamedError',
        errorMessage: 'no luck',
        trace: expect.arrayContaining(['NamedError: no luck']),
      },
    });
    expect(await invoke({})).toHaveProperty('pid');
  });

  test('may say anything, in any length', async () => {
    start();
    const message = '\u4e2d\n\u201c\u00e9\u201d'.repeat(20_000);
    expect(await invoke({ fail: message })).toMatchObject({
      error: { errorType: 'NamedError', errorMessage: message },
    });
  });

  test('of the module itself has its own name', async () => {
    start(fixture({ environment: { FAIL_INIT: '1' } }));
    expect(await invoke({})).toMatchObject({
      error: { errorType: 'BadEnvironment', errorMessage: 'no configuration' },
    });
  });

  test('by time-out ends the process, and the next invocation has a new one', async () => {
    start(fixture({ timeoutMs: 1000 }));
    const before = await invoke({});
    expect(await invoke({ sleepMs: 20_000 })).toMatchObject({
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
        ),
      },
    });
    expect((await invoke({})).pid).not.toBe(before.pid);
    await expect.poll(() => isAlive(before.pid), POLL).toBe(false);
  });

  test('of a module that never ends loading is a time-out, ten seconds later', {
    timeout: 60_000,
  }, async () => {
    writeFileSync(join(directory, 'index.mjs'), 'await new Promise(() => {});');
    const running = start(fixture({ timeoutMs: 1000 }));
    const startedAt = performance.now();
    expect(await invoke({})).toMatchObject({
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/),
      },
    });
    expect(performance.now() - startedAt).toBeGreaterThan(10_900);
    expect(running.pids()).toEqual([]);
  });

  test.each([
    [3, /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/],
    [0, /^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/],
  ])('by exit %d says how', async (exit, words) => {
    start();
    expect(await invoke({ exit })).toEqual({
      status: 'failed',
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(words) },
    });
    expect(await invoke({})).toHaveProperty('pid');
  });

  test('between two invocations is none of the second', async () => {
    start();
    const { pid } = await invoke({ endBetween: true });
    const next = await invoke({});
    expect(next.pid).toBeGreaterThan(0);
    expect(next.pid).not.toBe(pid);
    expect(invocations.map(({ isCold }) => isCold)).toEqual([true, true]);
  });

  test('to start says why', async () => {
    start(fixture({ directory: join(directory, 'missing') }));
    expect(await invoke({})).toMatchObject({
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('ENOENT') },
    });
  });

  test('by lack of memory is an exit too', async () => {
    start(fixture({ memoryMiB: 64 }));
    expect(await invoke({ fill: true })).toMatchObject({
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: ') },
    });
  });

  test('by an answer over 6 MB is named as Lambda names it', async () => {
    start();
    expect(await invoke({ length: 6_291_555 })).toMatchObject({
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect(await invoke({ length: 6_291_554 })).toHaveLength(6_291_554);
  });
});

describe('processes', () => {
  test('of one function run side by side, up to the limit; others wait', async () => {
    start(fixture(), { maxConcurrency: 2 });
    const answers = await Promise.all([1, 2, 3, 4].map((n) => invoke({ n, sleepMs: 200 })));
    expect(answers.map(({ event }) => event.n)).toEqual([1, 2, 3, 4]);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
  });

  test('are replaced when the bundle has changed, busy ones after their invocation', async () => {
    const running = start();
    const busy = invoke({ sleepMs: 300, ready: join(directory, 'ready') });
    await expect.poll(() => existsSync(join(directory, 'ready')), POLL).toBe(true);
    writeFileSync(join(directory, 'index.mjs'), "export const handler = async () => 'new';");
    await running.reload('fixture');
    expect(await invoke({})).toBe('new');
    expect((await busy).pid).toBeGreaterThan(0);
    expect(await invoke({})).toBe('new');
  });

  test('run another bundle when the function is replaced', async () => {
    const running = start();
    const before = await invoke({});
    const other = mkdtempSync(join(directory, 'other-'));
    writeFileSync(join(other, 'main.mjs'), 'export const run = async () => process.env.OWN;');
    const replacement = fixture({
      directory: other,
      handler: 'main.run',
      environment: { OWN: 'another value' },
    });
    await running.replace(replacement);
    expect(await invoke({})).toBe('another value');
    expect(running.functions).toEqual([replacement]);
    expect(isAlive(before.pid)).toBe(false);
  });

  test('leave it to the parent what ends the whole group', async () => {
    start();
    const ready = join(directory, 'ready');
    const busy = invoke({ sleepMs: 500, ready });
    await expect
      .poll(() => existsSync(ready) && readFileSync(ready, 'utf8'), POLL)
      .toMatch(/^\d+$/);
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.kill(Number(readFileSync(ready, 'utf8')), signal);
    }
    expect(await busy).toHaveProperty('pid');
  });

  test('do not start any more once the service is closed', async () => {
    const running = start(fixture(), { maxConcurrency: 2 });
    const all = [1, 2, 3, 4].map(() => invoke({ sleepMs: 20_000 }));
    await running.close();
    for (const result of await Promise.all(all)) {
      expect(result).toMatchObject({ error: { errorType: 'Lambda.ServiceException' } });
    }
    expect(await invoke({})).toMatchObject({ error: { errorType: 'Lambda.ServiceException' } });
    expect(running.pids()).toEqual([]);
  });

  test('are gone after close, the busy ones too', async () => {
    const running = start();
    const busy = invoke({ sleepMs: 20_000, ready: join(directory, 'ready') });
    await expect.poll(() => existsSync(join(directory, 'ready')), POLL).toBe(true);
    const pids = running.pids();
    await running.close();
    expect(await busy).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(pids).toHaveLength(1);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('end when the parent is killed', async () => {
    const source = join(import.meta.dirname, '../../src');
    const parent = join(directory, 'parent.ts');
    const ready = join(directory, 'ready');
    writeFileSync(
      parent,
      `import { startLambdaService } from ${JSON.stringify(join(source, 'lambda/lambda-service.ts'))};
       import { createClock } from ${JSON.stringify(join(source, 'clock.ts'))};
       const functions = [${JSON.stringify(fixture())}];
       const service = startLambdaService({ functions, clock: createClock(), awsEndpointUrl: 'http://127.0.0.1:9' });
       await service.invoke('fixture', '${JSON.stringify({ sleepMs: 60_000, ready })}');`,
    );
    const child = spawn(process.execPath, [parent], { stdio: 'ignore' });
    await expect
      .poll(() => existsSync(ready) && readFileSync(ready, 'utf8'), POLL)
      .toMatch(/^[0-9]+$/);
    const pid = Number(readFileSync(ready, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect.poll(() => isAlive(pid), POLL).toBe(false);
  });
});

describe('a fast clock', () => {
  test('shortens what a function waits for, and moves its date along', async () => {
    const clock = createClock(120);
    start(fixture({ timeoutMs: 900_000 }), { clock });
    await invoke({});
    const startedAt = performance.now();
    const before = clock.now();
    const answer = await invoke({ sleepMs: 60_000 });
    const after = clock.now();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    for (const time of [answer.now, Date.parse(answer.dates.iso)]) {
      expect(time).toBeGreaterThan(before + 59_000);
      expect(time).toBeLessThanOrEqual(after);
    }
    // Without milliseconds.
    expect(Date.parse(answer.dates.text)).toBeGreaterThan(before + 58_000);
    expect(answer.dates).toMatchObject({ fixed: '1970-01-01T00:00:00.000Z', areDates: true });
  });

  test('runs in every timer that Node has', async () => {
    const source = join(import.meta.dirname, 'timers.fixture.mjs');
    copyFileSync(source, join(directory, 'index.mjs'));
    start(fixture({ timeoutMs: 900_000 }), { clock: createClock(60) });
    const results = await invoke({});
    expect(Object.keys(results)).toHaveLength(9);
    for (const [name, ms] of Object.entries(results)) {
      expect.soft(ms, name).toBeGreaterThan(59_000);
    }
    expect(invocations[0]?.result.status).toBe('succeeded');
  });

  test('leaves a short time-out of an operation some real time', async () => {
    const late = "setTimeout(() => resolve('done'), 600 * 1000)";
    writeFileSync(
      join(directory, 'index.mjs'),
      `export const handler = async () => {
         const signal = AbortSignal.timeout(10_000);
         await new Promise((resolve) => ${late});
         return signal.aborted;
       };`,
    );
    start(fixture({ timeoutMs: 900_000 }), { clock: createClock(1000) });
    expect(await invoke({})).toBe(false);
  });

  test('leaves a function ten seconds of real time, since work takes as long as ever', async () => {
    start(fixture({ timeoutMs: 30_000 }), { clock: createClock(100) });
    const { leftMs } = await invoke({});
    expect(leftMs).toBeGreaterThan(30_000);
    expect(leftMs).toBeLessThanOrEqual(1_000_000);
    await sleep(400);
    expect(await invoke({})).toHaveProperty('pid');
  });
});
