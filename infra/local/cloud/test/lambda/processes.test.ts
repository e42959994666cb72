import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive, POLL, start } from './harness.ts';

test('run side by side up to the limit, and further invocations wait', async () => {
  const { invoke } = start({}, { maxConcurrency: 2 });
  const answers = await Promise.all([1, 2, 3, 4].map((n) => invoke({ n, sleepMs: 200 })));
  expect(answers.map(({ event }) => event.n)).toEqual([1, 2, 3, 4]);
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
});

test('end when they have been idle for a while', async () => {
  const { invoke, service, invocations } = start({}, { idleMs: 50 });
  const { pid } = await invoke({});
  await expect.poll(() => isAlive(pid), POLL).toBe(false);
  expect(service.pids()).toEqual([]);
  // A busy process is not idle, however long it takes.
  expect(await invoke({ sleepMs: 300 })).toHaveProperty('pid');
  expect(invocations.map(({ isCold }) => isCold)).toEqual([true, true]);
});

test('are replaced when the bundle has changed, busy ones after their invocation', async () => {
  const { directory, invoke, service } = start();
  const ready = join(directory, 'ready');
  const busy = invoke({ sleepMs: 300, ready });
  await expect.poll(() => existsSync(ready), POLL).toBe(true);
  writeFileSync(join(directory, 'index.mjs'), "export const handler = async () => 'new';");
  await service.reload('fixture');
  expect(await invoke({})).toBe('new');
  expect((await busy).pid).toBeGreaterThan(0);
  expect(await invoke({})).toBe('new');
});

test('run another bundle when the function is replaced', async () => {
  const { directory, fn, invoke, service } = start();
  const before = await invoke({});
  const other = mkdtempSync(join(directory, 'other-'));
  writeFileSync(join(other, 'main.mjs'), 'export const run = async () => process.env.OWN;');
  const environment = { OWN: 'another value' };
  const replacement = { ...fn, directory: other, handler: 'main.run', environment };
  await service.replace(replacement);
  expect(await invoke({})).toBe('another value');
  expect(service.functions).toEqual([replacement]);
  expect(isAlive(before.pid)).toBe(false);
});

test('ignore signals, which the parent handles', async () => {
  const { directory, invoke } = start();
  const ready = join(directory, 'ready');
  const busy = invoke({ sleepMs: 500, ready });
  const pid = await pidIn(ready);
  for (const signal of ['SIGINT', 'SIGTERM']) process.kill(pid, signal);
  expect(await busy).toHaveProperty('pid');
});

test('no longer start once the service is closed', async () => {
  const { invoke, service } = start({}, { maxConcurrency: 2 });
  const all = [1, 2, 3, 4].map(() => invoke({ sleepMs: 20_000 }));
  await service.close();
  for (const result of await Promise.all(all)) {
    expect(result).toMatchObject({ error: { errorType: 'Lambda.ServiceException' } });
  }
  expect(await invoke({})).toMatchObject({ error: { errorType: 'Lambda.ServiceException' } });
  expect(service.pids()).toEqual([]);
});

test('are gone after close, the busy ones too', async () => {
  const { directory, invoke, service } = start();
  const ready = join(directory, 'ready');
  const busy = invoke({ sleepMs: 20_000, ready });
  await expect.poll(() => existsSync(ready), POLL).toBe(true);
  const pids = service.pids();
  await service.close();
  expect(await busy).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
  expect(pids).toHaveLength(1);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('end when the parent is killed', async () => {
  const { directory, fn } = start();
  const source = join(import.meta.dirname, '../../src');
  const parent = join(directory, 'parent.ts');
  const ready = join(directory, 'ready');
  writeFileSync(
    parent,
    `import { startLambdaService } from ${JSON.stringify(join(source, 'lambda/lambda-service.ts'))};
     import { createClock } from ${JSON.stringify(join(source, 'clock.ts'))};
     const functions = [${JSON.stringify(fn)}];
     const service = startLambdaService({ functions, clock: createClock(), awsEndpointUrl: 'http://127.0.0.1:9' });
     await service.invoke('fixture', '${JSON.stringify({ sleepMs: 60_000, ready })}');`,
  );
  const child = spawn(process.execPath, [parent], { stdio: 'ignore' });
  const pid = await pidIn(ready);
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close');
  await expect.poll(() => isAlive(pid), POLL).toBe(false);
});

/** Waits until the handler has written its process id into a file. */
async function pidIn(path: string): Promise<number> {
  const text = () => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  await expect.poll(text, POLL).toMatch(/^[0-9]+$/);
  return Number(readFileSync(path, 'utf8'));
}
