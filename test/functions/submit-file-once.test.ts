import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SHOWN_WITHIN_MS } from '../../shared/uploads/submit/look-up-first.ts';
import { eventOf, leaveClaim, notificationOf, startSubmitFile } from '../support/submit-file.ts';

const fresh = () => `fresh ${randomUUID()}`;

const call = { deadline: Date.now() + 600_000 };

describe('duplicates', () => {
  it('return the first receipt', async () => {
    const { invoke, put, simulator } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    const first = await invoke(event);
    const requests = simulator.requests.length;
    expect(first).toMatchObject({ outcome: 'submitted' });
    const { receipt } = Object(first);
    expect(await invoke(event)).toEqual({
      ...Object(first),
      outcome: 'duplicate',
      receipt: { ...receipt, repeated: true },
    });
    expect(simulator.requests).toHaveLength(requests);
  });

  it('that come at once have the file sent once', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => invoke(event)));
    const count = (outcome: string) =>
      outcomes.filter((one) => Object(one).outcome === outcome).length;
    expect(count('submitted')).toBe(1);
    expect(count('in-progress') + count('duplicate')).toBe(9);
    for (const outcome of outcomes) {
      if (Object(outcome).outcome === 'in-progress') {
        expect(outcome).toMatchObject({ retryAfterSeconds: expect.any(Number), receipt: null });
      }
    }
    expect(uploads()).toBe(1);
    expect(await invoke(event)).toMatchObject({ outcome: 'duplicate' });
  });

  it('that come at once under one request id have the file sent once', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    await Promise.all(Array.from({ length: 5 }, () => invoke(event, { requestId: 'same' })));
    expect(uploads()).toBe(1);
    expect(await invoke(event)).toMatchObject({ outcome: 'duplicate' });
  });

  it('in one notification have the file sent once', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const object = await put('file', fresh());
    expect(await invoke(notificationOf(object, object))).toMatchObject({
      records: [{ outcome: 'submitted' }, { outcome: 'duplicate' }],
    });
    expect(uploads()).toBe(1);
  });

  it('do not include another version, or other content under the same key', async () => {
    const { invoke, put, uploads } = await startSubmitFile();
    const object = await put('file', fresh());
    await invoke(eventOf({ ...object, versionId: 'v1' }));
    await invoke(eventOf({ ...object, versionId: 'v2' }));
    const [first, second] = [fresh(), fresh()];
    await invoke(eventOf(await put('other', first)));
    expect(await invoke(eventOf(await put('other', second)))).toMatchObject({
      outcome: 'submitted',
    });
    // The second version has the same content as the first, which VirusTotal already knows or is analysing.
    expect(uploads()).toBeGreaterThanOrEqual(3);
  });
});

describe('a failed attempt', () => {
  it('that was refused releases the claim', async () => {
    const { invoke, put, simulator, table, uploads } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    simulator.fault({ kind: 'quota-exceeded', retryAfter: 60, match: { method: 'POST' } });
    await expect(invoke(event)).rejects.toMatchObject({
      name: 'QuotaExceededError',
      message: expect.stringMatching(/retryAfterSeconds=60$/),
    });
    await table.forgetQuota();
    expect(await invoke(event)).toMatchObject({ outcome: 'submitted' });
    expect(uploads()).toBe(2);
  });

  it('that did not transfer the whole file is repeated', async () => {
    const { invoke, put, simulator } = await startSubmitFile();
    const event = eventOf(await put('big', Buffer.alloc(8_000_000, randomUUID())));
    simulator.fault({ kind: 'reset', at: 'before-body', match: { method: 'POST' } });
    await expect(invoke(event)).rejects.toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(await invoke(event)).toMatchObject({ outcome: 'submitted' });
    expect(simulator.requests.filter(({ file }) => file)).toHaveLength(1);
  });

  it.each([301, 302, 307, 308, 404, 405, 415])(
    'that was answered with %i after the whole file is repeated, because VirusTotal did not take it',
    async (status) => {
      const { invoke, put, simulator, uploads } = await startSubmitFile();
      const event = eventOf(await put('file', fresh()));
      simulator.fault({ kind: 'answer', status, match: { method: 'POST' } });
      await expect(invoke(event)).rejects.toMatchObject({ name: 'UpstreamError' });
      expect(await invoke(event)).toMatchObject({ outcome: 'submitted' });
      expect(uploads()).toBe(2);
    },
  );

  it('whose answer was not understood leaves the file in doubt', async () => {
    const { invoke, put, simulator, uploads } = await startSubmitFile();
    const event = eventOf(await put('file', fresh()));
    simulator.fault({ kind: 'answer', status: 200, body: 'html', match: { method: 'POST' } });
    await expect(invoke(event)).rejects.toMatchObject({ name: 'UpstreamError' });
    expect(await invoke(event)).toMatchObject({ outcome: 'in-progress' });
    expect(uploads()).toBe(1);
  });

  it('that may have delivered is looked up before the file is sent again', async () => {
    const running = await startSubmitFile({ simulator: { queuedMs: 200, inProgressMs: 200 } });
    const { invoke, put, simulator, uploads } = running;
    const event = eventOf(await put('file', fresh()));
    simulator.fault({ kind: 'reset', at: 'during-answer', match: { method: 'POST' } });
    await expect(invoke(event)).rejects.toMatchObject({ name: 'UpstreamUnavailableError' });
    const isDone = async () => Object(await invoke(event)).outcome === 'known';
    await expect.poll(isDone, { timeout: 10_000, interval: 100 }).toBe(true);
    expect(uploads()).toBe(1);
    expect(await invoke(event)).toMatchObject({ outcome: 'duplicate' });
  });
});

describe('an attempt that was killed', () => {
  it('before it began to send is repeated once its lease has expired', async () => {
    const running = await startSubmitFile();
    const object = await running.put('file', fresh());
    await leaveClaim(running, object, 900_000);
    expect(await running.invoke(eventOf(object))).toMatchObject({ outcome: 'submitted' });
    expect(running.uploads()).toBe(1);
  });

  it('is waited for until its lease expires', async () => {
    const running = await startSubmitFile();
    const object = await running.put('file', fresh());
    await leaveClaim(running, object, 1_000, 300_000);
    const outcome = await running.invoke(eventOf(object));
    expect(outcome).toMatchObject({
      outcome: 'in-progress',
      reason: 'another invocation is submitting it',
      receipt: null,
    });
    expect(Object(outcome).retryAfterSeconds).toBeGreaterThan(290);
    expect(Object(outcome).retryAfterSeconds).toBeLessThanOrEqual(300);
    expect(running.uploads()).toBe(0);
  });

  it.each(['always', 'if-unknown'])(
    'after the file had arrived has nothing sent again (upload: %s)',
    async (upload) => {
      const environment = { VIRUSTOTAL_UPLOAD: upload };
      const simulator = { queuedMs: 0, inProgressMs: 0 };
      const running = await startSubmitFile({ environment, simulator });
      const object = await running.put('file', fresh());
      const { claims, claim } = await leaveClaim(running, object, 60_000);
      await claims.beginSending(claim, call);
      await running.invoke({ bucket: object.bucket, key: object.key, upload: 'always' });
      expect(running.uploads()).toBe(1);
      const outcome = await running.invoke(eventOf(object));
      expect(outcome).toMatchObject({ outcome: 'known', receipt: { response_code: 1 } });
      expect(running.uploads()).toBe(1);
      expect(await running.invoke(eventOf(object))).toEqual({
        ...Object(outcome),
        outcome: 'duplicate',
        receipt: { ...Object(outcome).receipt, repeated: true },
      });
    },
  );

  it('while VirusTotal does not show the file has it waited for, and then sent', async () => {
    const running = await startSubmitFile();
    const [early, late] = [await running.put('early', fresh()), await running.put('late', fresh())];
    for (const [object, agoMs] of [
      [early, SHOWN_WITHIN_MS - 30_000],
      [late, SHOWN_WITHIN_MS + 1],
    ] as const) {
      const { claims, claim } = await leaveClaim(running, object, agoMs);
      await claims.beginSending(claim, call);
    }
    expect(await running.invoke(eventOf(early))).toMatchObject({
      outcome: 'in-progress',
      reason: 'it may have been sent already, but VirusTotal does not show it yet',
      retryAfterSeconds: 60,
    });
    // It does not wait for a lease: the next attempt looks it up again.
    expect(await running.invoke(eventOf(early))).toMatchObject({ retryAfterSeconds: 60 });
    expect(running.uploads()).toBe(0);
    expect(await running.invoke(eventOf(late))).toMatchObject({ outcome: 'submitted' });
    expect(running.uploads()).toBe(1);
  });

  it('in a notification makes it fail until the matter is settled', async () => {
    const running = await startSubmitFile();
    const object = await running.put('file', fresh());
    await leaveClaim(running, object, 1_000, 300_000);
    await expect(running.invoke(notificationOf(object))).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
    });
  });

  it("is taken over at once by Lambda's retry", async () => {
    const running = await startSubmitFile();
    const object = await running.put('file', fresh());
    await leaveClaim(running, object, 1_000, 300_000);
    const event = notificationOf(object);
    expect(await running.invoke(event, { requestId: 'killed' })).toMatchObject({
      records: [{ outcome: 'submitted' }],
    });
  });
});
