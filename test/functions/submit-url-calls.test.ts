/** Repeated calls of submit_url: when a call gets the answer of an earlier one, and when it submits again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { httpApiEvent, restApiEvent } from '../support/events.ts';
import { startFunction } from '../support/functions.ts';

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const url = 'https://example.com/path';
const bodyOf = (answer: unknown) => JSON.parse(String(Reflect.get(Object(answer), 'body')));

describe('a call that repeats another within 15 minutes', () => {
  it('gets its answer, in every way of calling and spelling, and says so', async () => {
    const { invoke, asked } = await startFunction('submit_url');
    const first = await invoke({ url });
    expect(first).toMatchObject({ response_code: 1, repeated: false });
    const repeated = { ...Object(first), repeated: true };
    expect(await invoke({ url })).toEqual(repeated);
    for (const spelling of ['hxxps://example[.]com/path', 'https://user:pw@EXAMPLE.com:443/path']) {
      expect(await invoke({ url: spelling })).toEqual(repeated);
    }
    const request = { method: 'POST', route: '/urls', body: JSON.stringify({ url }) } as const;
    for (const event of [restApiEvent(request), httpApiEvent(request)]) {
      expect(bodyOf(await invoke(event))).toEqual(repeated);
    }
    expect(asked()).toEqual(['POST /urls']);
  });

  it('submits again with upload: "always", and leaves that answer to the next', async () => {
    const { invoke, asked } = await startFunction('submit_url');
    await invoke({ url });
    const second = await invoke({ url, upload: 'always' });
    expect(second).toMatchObject({ repeated: false });
    expect(await invoke({ url })).toEqual({ ...Object(second), repeated: true });
    expect(asked()).toEqual(['POST /urls', 'POST /urls']);
  });

  it('at the same moment waits for the first one', async () => {
    const { invoke, asked } = await startFunction('submit_url');
    const answers = await Promise.all(Array.from({ length: 5 }, () => invoke({ url })));
    expect(answers.filter((answer) => Object(answer).repeated === false)).toHaveLength(1);
    expect(asked()).toEqual(['POST /urls']);
  });

  it('of another URL submits that', async () => {
    const { invoke, asked } = await startFunction('submit_url');
    await invoke({ url });
    expect(await invoke({ url: `${url}?x=1` })).toMatchObject({ repeated: false });
    expect(asked()).toEqual(['POST /urls', 'POST /urls']);
  });

  it('refuses another value of upload, which files have', async () => {
    const { invoke, asked } = await startFunction('submit_url');
    await expect(invoke({ url, upload: 'if-unknown' })).rejects.toMatchObject({
      name: 'InvalidInputError',
      message: expect.stringMatching(/^upload: got "if-unknown"; allowed: /),
    });
    expect(asked()).toEqual([]);
  });
});

describe('a call whose answer was lost', () => {
  const lost = { kind: 'reset', at: 'during-answer', match: { method: 'POST' } } as const;

  it('is looked up by the next one, which submits nothing once the analysis shows', async () => {
    const { invoke, asked, simulator } = await startFunction('submit_url', {
      simulator: { queuedMs: 0, inProgressMs: 0 },
    });
    simulator.fault(lost);
    await expect(invoke({ url })).rejects.toMatchObject({ name: 'UpstreamUnavailableError' });
    const second = await invoke({ url });
    expect(second).toMatchObject({ response_code: 1, repeated: false });
    expect(second).toHaveProperty('scan_id', expect.stringMatching(/^[0-9a-f]{64}-\d{10}$/));
    expect(asked()).toEqual(['POST /urls', expect.stringMatching('^GET /urls/')]);
  });

  it('is submitted again by the next one while no analysis shows', async () => {
    const { invoke, asked, simulator } = await startFunction('submit_url');
    simulator.fault(lost);
    const fresh = 'https://example.com/fresh';
    await expect(invoke({ url: fresh })).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
    });
    expect(await invoke({ url: fresh })).toMatchObject({ response_code: 1 });
    expect(asked().map((line) => line.split(' ')[0])).toEqual(['POST', 'GET', 'POST']);
  });
});

it('a call that was refused is no submission: the next one submits', async () => {
  const { invoke, asked, simulator } = await startFunction('submit_url');
  simulator.fault({ kind: 'answer', status: 403, match: { method: 'POST' } });
  await expect(invoke({ url })).rejects.toMatchObject({ name: 'ForbiddenByVirusTotalError' });
  expect(await invoke({ url })).toMatchObject({ response_code: 1, repeated: false });
  expect(asked()).toEqual(['POST /urls', 'POST /urls']);
});
