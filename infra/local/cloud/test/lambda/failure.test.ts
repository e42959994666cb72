import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAlive, POLL, start } from './harness.ts';

test('returns the name, message and trace of a thrown error', async () => {
  const { invoke } = start();
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

test('returns long messages in any script', async () => {
  const message = '\u4e2d\n\u201c\u00e9\u201d'.repeat(20_000);
  expect(await start().invoke({ fail: message })).toMatchObject({
    error: { errorType: 'NamedError', errorMessage: message },
  });
});

test('returns the error that a module throws while it loads', async () => {
  const { invoke } = start({ environment: { FAIL_INIT: '1' } });
  expect(await invoke({})).toMatchObject({
    error: { errorType: 'BadEnvironment', errorMessage: 'no configuration' },
  });
});

test('kills the process on a timeout, and starts another for the next invocation', async () => {
  const { invoke } = start({ timeoutMs: 1000 });
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

test('times out a module that never finishes loading, ten seconds after the timeout', async () => {
  const { directory, invoke, invocations, service } = start({ timeoutMs: 1000 });
  writeFileSync(join(directory, 'index.mjs'), 'await new Promise(() => {});');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const result = invoke({});
  await expect.poll(() => vi.getTimerCount(), POLL).toBe(1);
  await vi.advanceTimersByTimeAsync(10_999);
  expect(invocations).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await result).toMatchObject({
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/),
    },
  });
  expect(service.pids()).toEqual([]);
});

test.each([
  [3, /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/],
  [0, /^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/],
])('reports exit code %d', async (exit, message) => {
  const { invoke } = start();
  expect(await invoke({ exit })).toEqual({
    status: 'failed',
    error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(message) },
  });
  expect(await invoke({})).toHaveProperty('pid');
});

test('does not fail an invocation whose kept process has ended before', async () => {
  const { invoke, invocations } = start();
  const { pid } = await invoke({ endBetween: true });
  const next = await invoke({});
  expect(next.pid).toBeGreaterThan(0);
  expect(next.pid).not.toBe(pid);
  expect(invocations.map(({ isCold }) => isCold)).toEqual([true, true]);
});

test('reports why a process could not start', async () => {
  expect(await start({ directory: '/missing' }).invoke({})).toMatchObject({
    error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('ENOENT') },
  });
});

test('reports a lack of memory as an exit', async () => {
  expect(await start({ memoryMiB: 64 }).invoke({ fill: true })).toMatchObject({
    error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: ') },
  });
});

test('refuses a response over 6 MB', async () => {
  const { invoke } = start();
  expect(await invoke({ length: 6_291_555 })).toMatchObject({
    error: { errorType: 'Function.ResponseSizeTooLarge' },
  });
  expect(await invoke({ length: 6_291_554 })).toHaveLength(6_291_554);
});
