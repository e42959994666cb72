import { describe, expect, it } from 'vitest';
import { TableClient } from '../../../shared/aws/table/table-client.ts';
import type { ClaimAnswer, ClaimRequest, HeldClaim } from '../../../shared/claims/claim.ts';
import { RECEIPT_SECONDS } from '../../../shared/claims/claim-updates.ts';
import { Claims, GIVEN_BACK_SECONDS } from '../../../shared/claims/claims.ts';
import type { Limits } from '../../../shared/limits.ts';
import { startTable, tableEnvironment } from '../../support/dynalite.ts';
import { withoutJitter } from '../../support/without-jitter.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const LEASE_MS = 900_000;

/** Claims over a real client, with a clock that stands until it is moved. */
async function start() {
  const table = await startTable();
  const clock = { ms: NOON };
  const now = () => clock.ms;
  const claims = new Claims({ client: table.client, tableName: table.tableName, now });
  const call: Limits = {
    get deadline() {
      return clock.ms + 3 * 86_400_000;
    },
  };
  const request = (requestId: string): ClaimRequest => ({
    id: 'object#1',
    labels: { bucket: 'uploads', objectKey: 'a b.txt', versionId: '', etag: 'e' },
    requestId,
    leaseUntil: clock.ms + LEASE_MS,
  });
  const claim = (requestId: string) => claims.claim(request(requestId), call);
  return { ...table, clock, claims, call, claim };
}

/** A receipt of a file that was not sent. */
const known = (text: string) => ({ text, isSubmission: false });
const submitted = (text: string) => ({ text, isSubmission: true });

function held(answer: ClaimAnswer): HeldClaim {
  if (answer.status !== 'granted') throw new TypeError(`the claim is ${answer.status}`);
  return answer.claim;
}

it('is granted to one of many who come at once', async () => {
  const { claim } = await start();
  const ids = Array.from({ length: 20 }, (_, index) => `request-${index}`);
  const answers = await Promise.all(ids.map(claim));
  expect(answers.filter(({ status }) => status === 'granted')).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 'held')).toHaveLength(19);
});

it('is held for the lease, and can then be taken over', async () => {
  const { claim, clock } = await start();
  const first = held(await claim('a'));
  expect(await claim('b')).toEqual({ status: 'held', until: NOON + LEASE_MS });
  clock.ms += LEASE_MS - 1;
  expect(await claim('b')).toEqual({ status: 'held', until: NOON + LEASE_MS });
  clock.ms += 1;
  const second = held(await claim('b'));
  expect(second.holder).not.toBe(first.holder);
  expect(second.sendingSince).toBeNull();
  expect(await claim('c')).toEqual({ status: 'held', until: clock.ms + LEASE_MS });
});

it('is taken over by one of many when the lease has ended', async () => {
  const { claim, clock } = await start();
  await claim('a');
  clock.ms += LEASE_MS;
  const answers = await Promise.all(['b', 'c', 'd', 'e', 'f'].map(claim));
  expect(answers.filter(({ status }) => status === 'granted')).toHaveLength(1);
});

it('says that its former holder was sending', async () => {
  const { claim, claims, call, clock } = await start();
  await claims.beginSending(held(await claim('a')), call);
  clock.ms += LEASE_MS;
  expect(held(await claim('b')).sendingSince).toBe(NOON);
});

it('keeps a holder that has lost it from sending', async () => {
  const { claim, claims, call, clock } = await start();
  const first = held(await claim('a'));
  clock.ms += LEASE_MS;
  const second = held(await claim('b'));
  await expect(claims.beginSending(first, call)).rejects.toMatchObject({ name: 'ClaimLostError' });
  await claims.beginSending(second, call);
});

it('is granted again at once to the same invocation, which Lambda has repeated', async () => {
  const { claim, claims, call } = await start();
  const first = held(await claim('a'));
  await claims.beginSending(first, call);
  const again = held(await claim('a'));
  expect(again.sendingSince).toBe(NOON);
  await expect(claims.beginSending(first, call)).rejects.toMatchObject({ name: 'ClaimLostError' });
});

it('keeps the receipt for later callers for a day', async () => {
  const { claim, claims, call, clock, item } = await start();
  const first = held(await claim('a'));
  await claims.beginSending(first, call);
  clock.ms += 5_000;
  await claims.complete(first, known('{"receipt":1}'), call);
  const done = { status: 'done', receipt: '{"receipt":1}' };
  expect(await claim('a')).toEqual(done);
  expect(await claim('b')).toEqual(done);
  expect(await item('object#1')).toEqual({
    pk: { S: 'object#1' },
    phase: { S: 'submitted' },
    bucket: { S: 'uploads' },
    objectKey: { S: 'a b.txt' },
    versionId: { S: '' },
    etag: { S: 'e' },
    holder: { S: first.holder },
    requestId: { S: 'a' },
    sendingSince: { N: String(NOON) },
    receipt: { S: '{"receipt":1}' },
    expiresAt: { N: String((NOON + 5_000) / 1000 + RECEIPT_SECONDS) },
  });
  clock.ms += RECEIPT_SECONDS * 1000 - 1;
  expect(await claim('b')).toEqual(done);
});

it('is free once the receipt has expired, even before DynamoDB deletes it', async () => {
  const { claim, claims, call, clock, item } = await start();
  const first = held(await claim('a'));
  await claims.beginSending(first, call);
  await claims.complete(first, known('{}'), call);
  clock.ms += RECEIPT_SECONDS * 1000;
  expect(held(await claim('b')).sendingSince).toBeNull();
  const left = await item('object#1');
  expect(left).not.toHaveProperty('receipt');
  expect(left).not.toHaveProperty('sendingSince');
});

it('keeps the first receipt, also of a holder that has lost it', async () => {
  const { claim, claims, call, clock } = await start();
  const first = held(await claim('a'));
  clock.ms += LEASE_MS;
  const second = held(await claim('b'));
  await claims.complete(first, known('"of the first"'), call);
  await claims.complete(second, known('"of the second"'), call);
  expect(await claim('c')).toEqual({ status: 'done', receipt: '"of the first"' });
});

it('is free after it is released', async () => {
  const { claim, claims, call, item } = await start();
  await claims.release(held(await claim('a')), false, call);
  expect(await item('object#1')).toBeUndefined();
  expect(held(await claim('b')).sendingSince).toBeNull();
});

it('can be taken over at once after a release in doubt, and says since when', async () => {
  const { claim, claims, call, clock } = await start();
  const first = held(await claim('a'));
  await claims.beginSending(first, call);
  clock.ms += 1_000;
  await claims.release(first, true, call);
  expect(held(await claim('b')).sendingSince).toBe(NOON);
});

it.each([true, false])('given back, keeps what was read (in doubt: %s)', async (doubt) => {
  const { claim, claims, call, clock, item } = await start();
  const first = held(await claim('a'));
  expect(first.content).toBeNull();
  await claims.beginSending(first, call);
  await claims.release(first, doubt, call, '{"read":1}');
  const second = held(await claim('b'));
  expect(second).toMatchObject({ content: '{"read":1}', sendingSince: doubt ? NOON : null });
  // It is held as a new claim is, and keeps the content through further waits.
  expect(await claim('c')).toEqual({ status: 'held', until: NOON + LEASE_MS });
  clock.ms += 86_000_000;
  await claims.release(second, false, call, '{"read":1}');
  const third = held(await claim('c'));
  expect(third.content).toBe('{"read":1}');
  await claims.complete(third, known('{}'), call);
  expect(await item('object#1')).toMatchObject({ receipt: { S: '{}' } });
});

it('given back, keeps what was read for as long as an execution waits for the quota', async () => {
  const { claim, claims, call, clock } = await start();
  await claims.release(held(await claim('a')), false, call, '{"read":1}');
  clock.ms += 89 * 86_400_000;
  expect(held(await claim('b')).content).toBe('{"read":1}');
});

it('that has expired keeps nothing', async () => {
  const { claim, claims, call, clock } = await start();
  await claims.release(held(await claim('a')), false, call, '{"read":1}');
  clock.ms += GIVEN_BACK_SECONDS * 1000;
  expect(held(await claim('b')).content).toBeNull();
});

it('keeps what was read of a file that is being sent', async () => {
  const { claim, claims, call, clock } = await start();
  await claims.beginSending(held(await claim('a')), call, '{"read":1}');
  clock.ms += LEASE_MS;
  expect(held(await claim('b'))).toMatchObject({ content: '{"read":1}', sendingSince: NOON });
});

it.each([true, false])(
  'is not given back by one that has lost it (in doubt: %s)',
  async (doubt) => {
    const { claim, claims, call, clock } = await start();
    const first = held(await claim('a'));
    clock.ms += LEASE_MS;
    held(await claim('b'));
    await claims.release(first, doubt, call);
    expect(await claim('c')).toMatchObject({ status: 'held' });
  },
);

it('fails with a named error if the table is unreachable or too slow', async () => {
  withoutJitter();
  const client = new TableClient({ environment: tableEnvironment('http://127.0.0.1:9') });
  const claims = new Claims({ client, tableName: 'state' });
  const request = { id: 'x', labels: {}, requestId: 'a', leaseUntil: 0 };
  await expect(claims.claim(request, { deadline: Date.now() + 5_000 })).rejects.toMatchObject({
    name: 'UpstreamUnavailableError',
  });
  await expect(claims.claim(request, { deadline: 0 })).rejects.toMatchObject({
    name: 'UpstreamTimeoutError',
  });
});

describe('for a call, which gives the oldest submission that counts,', () => {
  const QUARTER_MS = 15 * 60_000;

  async function startCall() {
    const running = await start();
    const { claims, clock, call } = running;
    const callClaim = (requestId: string) => {
      const leaseUntil = clock.ms + LEASE_MS;
      const receiptsSince = clock.ms - QUARTER_MS;
      return claims.claim(
        { id: 'object#1', labels: {}, requestId, leaseUntil, receiptsSince },
        call,
      );
    };
    return { ...running, callClaim };
  }

  it('the receipt of a submission counts until it is older', async () => {
    const { callClaim, claim, claims, call, clock } = await startCall();
    await claims.complete(held(await callClaim('a')), submitted('"first"'), call);
    const done = { status: 'done', receipt: '"first"' };
    clock.ms += QUARTER_MS;
    expect(await callClaim('b')).toEqual(done);
    clock.ms += 1;
    expect(held(await callClaim('c'))).toMatchObject({ sendingSince: null, hasEarlier: true });
    // For an event it counts for a day, also while a call submits again.
    expect(await claim('event')).toEqual(done);
    expect(await callClaim('d')).toMatchObject({ status: 'held' });
  });

  it('a receipt of something else than a submission does not count', async () => {
    const { callClaim, claim, claims, call } = await startCall();
    await claims.complete(held(await claim('event')), known('"known"'), call);
    const again = held(await callClaim('a'));
    await claims.complete(again, submitted('"second"'), call);
    expect(await callClaim('b')).toEqual({ status: 'done', receipt: '"second"' });
    expect(await claim('event')).toEqual({ status: 'done', receipt: '"second"' });
  });

  it('a claim that is given back leaves the earlier receipt to events', async () => {
    const { callClaim, claim, claims, call, item } = await startCall();
    await claims.complete(held(await claim('event')), known('"known"'), call);
    const again = held(await callClaim('a'));
    await claims.beginSending(again, call);
    await claims.release(again, true, call);
    expect(await claim('event')).toEqual({ status: 'done', receipt: '"known"' });
    const third = held(await callClaim('b'));
    expect(third).toMatchObject({ sendingSince: NOON, hasEarlier: true });
    await claims.release(third, false, call);
    expect(await item('object#1')).not.toHaveProperty('sendingSince');
    expect(await claim('event')).toEqual({ status: 'done', receipt: '"known"' });
  });

  it('an old receipt is taken over by one of many', async () => {
    const { callClaim, claims, call, clock } = await startCall();
    await claims.complete(held(await callClaim('a')), submitted('"first"'), call);
    clock.ms += QUARTER_MS + 1;
    const ids = Array.from({ length: 20 }, (_, index) => `request-${index}`);
    const answers = await Promise.all(ids.map(callClaim));
    expect(answers.filter(({ status }) => status === 'granted')).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'held')).toHaveLength(19);
  });

  it('a receipt that was left without a claim counts, and can be taken over later', async () => {
    const { callClaim, claims, call, clock } = await startCall();
    await claims.leave('object#1', submitted('"first"'), call);
    expect(await callClaim('a')).toEqual({ status: 'done', receipt: '"first"' });
    clock.ms += QUARTER_MS;
    await claims.leave('object#1', submitted('"second"'), call);
    clock.ms += QUARTER_MS;
    expect(await callClaim('b')).toEqual({ status: 'done', receipt: '"second"' });
    clock.ms += 1;
    expect(held(await callClaim('c')).hasEarlier).toBe(true);
  });
});
