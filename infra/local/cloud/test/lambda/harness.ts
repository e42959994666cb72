/** A Lambda service with one function, for tests. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createClock } from '../../src/clock.ts';
import {
  type Invocation,
  type LambdaServiceOptions,
  startLambdaService,
} from '../../src/lambda/lambda-service.ts';
import type { LocalFunction } from '../../src/types.ts';

/** A busy machine takes its time. */
export const POLL = { timeout: 25_000 };

/** Starts the service with `handler.fixture.mjs` as the bundle, until the test ends. */
export function start(
  changes: Partial<LocalFunction> = {},
  options: Partial<LambdaServiceOptions> = {},
) {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-lambda-'));
  copyFileSync(join(import.meta.dirname, 'handler.fixture.mjs'), join(directory, 'index.mjs'));
  const fn: LocalFunction = {
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
  const lines: string[] = [];
  const invocations: Invocation[] = [];
  const service = startLambdaService({
    functions: [fn],
    awsEndpointUrl: 'http://127.0.0.1:9',
    clock: createClock(),
    onLine: (_fn, line) => lines.push(line),
    onInvocation: (invocation) => invocations.push(invocation),
    ...options,
  });
  onTestFinished(async () => {
    await service.close();
    rmSync(directory, { recursive: true });
  });
  /** Returns the parsed result, or the failure as it is. */
  const invoke = async (event: unknown) => {
    const result = await service.invoke('fixture', JSON.stringify(event));
    return result.status === 'succeeded' ? JSON.parse(result.payload) : result;
  };
  return { directory, fn, service, lines, invocations, invoke };
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
