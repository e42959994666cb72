/** What a function does before its first invocation, at the state table. */
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { rejection } from '../shared/virustotal/harness.ts';
import { startFunction } from '../support/functions.ts';
import { json, startUpstream } from '../support/upstream-server.ts';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const input = { hash: '44d88612fea8a8f36de82e1278abb02f' };
const refusal = json(400, { __type: 'ValidationException', message: 'no' });

async function start(...replies: Parameters<Awaited<ReturnType<typeof startUpstream>>['script']>) {
  const table = await startUpstream();
  onTestFinished(() => table[Symbol.asyncDispose]());
  table.script(...replies);
  const environment = { AWS_ENDPOINT_URL_DYNAMODB: table.url };
  const running = await startFunction('file_reputation', { environment });
  return { ...running, reads: () => table.requests.length };
}

it('connects to the state table, and reads the account again for the first request', async () => {
  const { reads, invoke, simulator } = await start(json(200, { Responses: {} }), refusal);
  expect(reads()).toBe(1);
  expect((await rejection(invoke(input))).name).toBe('UpstreamUnavailableError');
  expect(reads()).toBe(2);
  expect(simulator.requests).toEqual([]);
});

it('starts although the state table cannot be read', async () => {
  const { reads } = await start(refusal);
  expect(reads()).toBe(1);
});
