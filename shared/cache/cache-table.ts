/** The items of the cache in the state table. */
import {
  type Attributes,
  bytesAttribute,
  numberAttribute,
  stringAttribute,
} from '../aws/table/attributes.ts';
import type { Expression, StateStore } from '../aws/table/state-store.ts';
import type { Limits } from '../limits.ts';
import type { Entry, KeptAnswer, Known, Lease, NotedSubmission } from './entry.ts';

/** How long a lease keeps its item, seconds. */
const LEASE_ITEM_SECONDS = 3_600;

/** How long a submission is remembered, seconds: no analysis takes longer. */
const SUBMISSION_SECONDS = 86_400;

/** The items. @throws UpstreamUnavailableError, UpstreamTimeoutError (from every method) */
export class CacheTable {
  readonly #store: StateStore;

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** Reads what is known of a question as it is now. @param submissionKeys - items of its submissions */
  async read(key: string, submissionKeys: readonly string[], limits: Limits): Promise<Known> {
    const keys = [...new Set([key, ...submissionKeys])];
    const items = await this.#store.getAll(keys, limits);
    const entries = keys.map((each) => readEntry(items.get(each) ?? {}));
    const [entry = readEntry({})] = entries;
    return { entry, submissions: entries.flatMap(({ submission }) => submission ?? []) };
  }

  /** Takes the lease of an item, or extends it, unless another invocation has taken it or kept an answer. */
  lease(key: string, { answer, expiresAt }: Entry, lease: Lease, now: number, limits: Limits) {
    const change = changeOf({
      holder: stringAttribute(lease.holder),
      leaseUntil: numberAttribute(lease.until),
      expiresAt: numberAttribute(Math.max(expiresAt, Math.ceil(now / 1000) + LEASE_ITEM_SECONDS)),
    });
    const isUnchanged = answer ? 'askedAt = :seen' : 'attribute_not_exists(askedAt)';
    return this.#store.update(
      key,
      change,
      {
        text: `(attribute_not_exists(leaseUntil) OR leaseUntil <= :now OR holder = :me) AND ${isUnchanged}`,
        values: {
          ':now': numberAttribute(now),
          ':me': stringAttribute(lease.holder),
          ...(answer && { ':seen': numberAttribute(answer.askedAt) }),
        },
      },
      limits,
    );
  }

  /** Extends the lease of a holder, if it still has it; `next` replaces the holder. */
  async extend(key: string, holder: string, next: Lease, limits: Limits): Promise<void> {
    const change = changeOf({
      holder: stringAttribute(next.holder),
      leaseUntil: numberAttribute(next.until),
    });
    await this.#store.update(key, change, isHeldBy(holder), limits);
  }

  /** Gives a lease back. */
  async release(key: string, holder: string, limits: Limits): Promise<void> {
    await this.#store.update(key, changeOf({}, 'holder', 'leaseUntil'), isHeldBy(holder), limits);
  }

  /**
   * Keeps an answer, unless a newer one is kept or the object was submitted since; ends the lease.
   *
   * @returns whether it is kept
   */
  keep(key: string, answer: KeptAnswer, limits: Limits): Promise<boolean> {
    const { body, askedAt, goodUntil, analysedAt, work } = answer;
    const set = {
      body: bytesAttribute(body),
      askedAt: numberAttribute(askedAt),
      goodUntil: numberAttribute(goodUntil),
      expiresAt: numberAttribute(Math.ceil(goodUntil / 1000)),
      ...(analysedAt !== null && { analysedAt: numberAttribute(analysedAt) }),
      ...(work !== null && { askedFor: stringAttribute(work) }),
    };
    const absent = ['analysedAt', 'askedFor'].filter((name) => !Object.hasOwn(set, name));
    const condition = {
      text: '(attribute_not_exists(submittedAt) OR submittedAt < :at) AND (attribute_not_exists(askedAt) OR askedAt < :at)',
      values: { ':at': numberAttribute(askedAt) },
    };
    const change = changeOf(set, 'holder', 'leaseUntil', ...absent);
    return this.#store.update(key, change, condition, limits);
  }

  /** Replaces what is known by a submission, unless a later one is noted. */
  async noteSubmission(key: string, { at, epoch }: NotedSubmission, limits: Limits): Promise<void> {
    const item = {
      pk: stringAttribute(key),
      submittedAt: numberAttribute(at),
      submittedEpoch: numberAttribute(epoch),
      expiresAt: numberAttribute(Math.ceil(at / 1000) + SUBMISSION_SECONDS),
    };
    const condition = {
      text: 'attribute_not_exists(submittedAt) OR submittedAt < :at',
      values: { ':at': numberAttribute(at) },
    };
    await this.#store.put(item, condition, limits);
  }
}

const isHeldBy = (holder: string): Expression => ({
  text: 'holder = :me',
  values: { ':me': stringAttribute(holder) },
});

/** None of the names is reserved by DynamoDB. */
function changeOf(set: Attributes, ...remove: readonly string[]): Expression {
  const sets = Object.keys(set).map((name) => `${name} = :${name}`);
  const clauses = [sets.length > 0 && `SET ${sets}`, remove.length > 0 && `REMOVE ${remove}`];
  return {
    text: clauses.filter(Boolean).join(' '),
    values: Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
  };
}

/** Reads an item; null for what it does not have. */
export function readEntry(item: Attributes): Entry {
  const number = (name: string) => (item[name]?.N === undefined ? null : Number(item[name].N));
  const askedAt = number('askedAt');
  const at = number('submittedAt');
  const until = number('leaseUntil');
  return {
    answer:
      askedAt === null
        ? null
        : {
            body: Buffer.from(item.body?.B ?? '', 'base64'),
            askedAt,
            goodUntil: number('goodUntil') ?? 0,
            analysedAt: number('analysedAt'),
            work: item.askedFor?.S ?? null,
          },
    submission: at === null ? null : { at, epoch: number('submittedEpoch') ?? 0 },
    lease: until === null ? null : { holder: item.holder?.S ?? '', until },
    expiresAt: number('expiresAt') ?? 0,
  };
}
