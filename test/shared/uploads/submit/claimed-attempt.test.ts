/** A state table that is away at the end of an attempt, on a clock that a test sets forward. */
import { beforeEach, describe, expect, it } from 'vitest';
import { QuotaExceededError, UpstreamUnavailableError } from '../../../../shared/errors.ts';
import { ClaimedAttempt } from '../../../../shared/uploads/submit/claimed-attempt.ts';

const START = 1_700_000_000_000;
const object = {
  bucket: 'bucket',
  key: 'key',
  versionId: 'v1',
  etag: 'e',
  size: 5,
  sequencer: '01',
};
const claim = {
  id: 'claim',
  holder: 'holder',
  sendingSince: null,
  content: null,
  hasEarlier: false,
};

let now: number;
/** What was written, and after how many seconds. */
let writes: string[];

beforeEach(() => {
  now = START;
  writes = [];
});

/**
 * An attempt that has begun to send.
 *
 * @param awaySeconds - how long the table is away
 * @param leftSeconds - time that the invocation has
 */
async function begin(awaySeconds: number, leftSeconds = 900): Promise<ClaimedAttempt> {
  const write = async (text: string) => {
    writes.push(`${text} after ${(now - START) / 1000} s`);
    now += 1_000;
    if (now < START + awaySeconds * 1_000) throw new UpstreamUnavailableError('away');
  };
  const claims = {
    async beginSending() {},
    complete: () => write('receipt'),
    release: (_: unknown, isInDoubt: boolean) => write(isInDoubt ? 'doubt' : 'release'),
  };
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      now += ms;
    },
  };
  const endsAt = START + leftSeconds * 1_000;
  const limits = { deadline: endsAt - 3_000, endsAt, requestId: 'request' };
  const attempt = new ClaimedAttempt({ claims, ...clock }, claim, object, limits);
  await attempt.begin();
  return attempt;
}

describe('a receipt', () => {
  it('is stored when the table is back within half a minute', async () => {
    await (await begin(30)).keepReceipt({}, true);
    expect(writes.at(-1)).toBe('receipt after 37.5 s');
    expect(new Set(writes.map((write) => write.split(' ')[0]))).toEqual(new Set(['receipt']));
  });

  it('leaves the claim in doubt when the table is away for longer', async () => {
    await (await begin(45)).keepReceipt({}, true);
    expect(writes.filter((write) => write.startsWith('receipt'))).toHaveLength(6);
    expect(writes.at(-1)).toMatch(/^doubt/);
  });

  it.each([1, 4, 12, 40])('is given up in time for the answer within %i s', async (left) => {
    await (await begin(1e6, left)).keepReceipt({}, true);
    expect(writes.some((write) => write.startsWith('doubt'))).toBe(true);
    // The first write of each kind is made in any case.
    expect(now - START).toBeLessThanOrEqual(Math.max(left, 2) * 1_000);
  });
});

describe('a claim', () => {
  const error = new QuotaExceededError('used up', 60);

  it('is given back when the table is back within half a minute', async () => {
    await (await begin(30)).release(error);
    expect(writes.at(-1)).toBe('release after 37.5 s');
  });

  it('is left to its lease when the table is away for longer, and the error stands', async () => {
    await expect((await begin(1e6)).release(error)).resolves.toBeUndefined();
    expect(writes).toHaveLength(6);
    expect(now - START).toBeLessThan(40_000);
  });
});
