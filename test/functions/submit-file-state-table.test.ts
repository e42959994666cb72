/** A state table that fails before, while and after a file is sent. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventOf, startSubmitFile } from '../support/submit-file.ts';

const fresh = () => `fresh ${randomUUID()}`;

/** Updates before the receipt: the lookup and the upload are admitted, and sending begins. */
const BEFORE_RECEIPT = 3;

/** How often the SDK sends a request to DynamoDB. */
const SDK_ATTEMPTS = 4;

describe('a state table that does not answer', () => {
  it.each(['PutItem', 'UpdateItem'])('to %s keeps the file from being sent', async (action) => {
    const { invoke, put, table, uploads } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    table.breakOff(action);
    await expect(invoke(event, { leftMs: 6_000 })).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringContaining('the state table'),
    });
    expect(uploads()).toBe(0);
  });

  it('when storing the receipt still submits the file, and only once', async () => {
    const { invoke, put, table, uploads } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    // The first writes admit two requests and note that sending begins, the last stores the receipt.
    table.breakOff('UpdateItem', BEFORE_RECEIPT);
    expect(await invoke(event, { leftMs: 5_000 })).toMatchObject({
      outcome: 'submitted',
      receipt: { response_code: 1 },
    });
    expect(await invoke(event)).toMatchObject({ outcome: 'in-progress' });
    expect(uploads()).toBe(1);
  });

  it('when storing the receipt is tried again', async () => {
    const { invoke, put, table } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    table.breakOff('UpdateItem', BEFORE_RECEIPT, SDK_ATTEMPTS);
    const first = await invoke(event);
    const { receipt } = Object(first);
    expect(await invoke(event)).toEqual({
      ...Object(first),
      outcome: 'duplicate',
      receipt: { ...receipt, repeated: true },
    });
  });

  it('when storing the receipt, but not when releasing the claim, blocks the version no longer', async () => {
    const running = await startSubmitFile({ simulator: { queuedMs: 200, inProgressMs: 200 } });
    const { invoke, put, table, uploads } = running;
    const event = eventOf(await put('file', fresh()));
    table.breakOff('UpdateItem', BEFORE_RECEIPT, 3 * SDK_ATTEMPTS);
    expect(await invoke(event, { leftMs: 8_000 })).toMatchObject({ outcome: 'submitted' });
    const isDone = async () => Object(await invoke(event)).outcome === 'known';
    await expect.poll(isDone, { timeout: 10_000, interval: 100 }).toBe(true);
    expect(uploads()).toBe(1);
  });

  it('when storing the receipt is given up in time', async () => {
    const { invoke, put, table } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    table.breakOff('UpdateItem', BEFORE_RECEIPT);
    const startedAt = Date.now();
    expect(await invoke(event, { leftMs: 5_000 })).toMatchObject({ outcome: 'submitted' });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
