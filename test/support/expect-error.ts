/** Expects a named error, over HTTP as documented, and of a direct invocation as Lambda passes it on. */
import { expect } from 'vitest';
import { type ErrorName, errorTable } from '../../shared/errors.ts';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { type Answer, directly, overHttp, overPayload2 } from './call-operation.ts';
import { expectDocumented } from './documented.ts';
import type { TestStack } from './running-stack.ts';

/** A call that must fail, and how. */
export interface Failing {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly name: ErrorName;
  /** What the message says. */
  readonly message: RegExp;
}

/**
 * Calls in each way.
 *
 * @param before - called before each call, for example to add a fault again
 */
export async function expectError(
  running: TestStack,
  failing: Failing,
  before: () => unknown = () => {},
): Promise<void> {
  const { operation, input } = failing;
  for (const way of [overHttp, overPayload2]) {
    await before();
    expectHttpError(await way(running, operation, input), failing);
  }
  await before();
  expectDirectError(await directly(running, operation, input), failing);
}

/** Expects the envelope with the name's status. */
export function expectHttpError(
  { http }: Answer,
  { name, message, operation }: Omit<Failing, 'input'>,
): void {
  if (!http) throw new Error('the answer did not come over HTTP');
  const text = expect.stringMatching(message);
  const requestId = http.headers['x-amzn-requestid'] ?? expect.stringMatching(/./);
  expect(http.body).toEqual({ error: { name, message: text, requestId } });
  expect(http.status).toBe(errorTable[name].status);
  expectDocumented(operation, http);
  expect(http.headers['retry-after']).toBe(
    name === 'QuotaExceededError' ? retryAfterOf(http.body) : undefined,
  );
}

/** Expects what Lambda passes on: name and message. */
export function expectDirectError({ error, output }: Answer, { name, message }: Failing): void {
  expect(output).toBeUndefined();
  expect(error).toEqual({ name, message: expect.stringMatching(message) });
  const seconds = name === 'QuotaExceededError' ? /^[1-9][0-9]*$/ : /^undefined$/;
  expect(String(retryAfterOf(error))).toMatch(seconds);
}

function retryAfterOf(error: unknown): string | undefined {
  return /retryAfterSeconds=([1-9][0-9]*)"/.exec(JSON.stringify(error))?.[1];
}
