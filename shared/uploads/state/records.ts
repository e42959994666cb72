/**
 * Idempotent records of scan outcomes: the first attempt decides, and later attempts read that decision
 * back, so every step after it can be retried after a crash. Kept in DynamoDB beside the claims: a claim can
 * be released and lives for a day, a record stays and lives longer.
 *
 * Only a final record may follow a provisional one, and only once no attempt works on that one any more:
 * each attempt that resumes it extends `until`, so that none of its writes (a tag `pending`, say) comes
 * after those of the final record.
 */

import {
  type Attributes,
  numberAttribute,
  stringAttribute,
  stringAttributes,
} from '../../aws/table/attributes.ts';
import {
  type Expression,
  StateStore,
  type StateStoreOptions,
} from '../../aws/table/state-store.ts';
import { UpstreamUnavailableError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { type BegunRecord, readRecord, type StepName } from './record-item.ts';

/**
 * How long a record is kept, seconds. An execution lasts 90 days at most; its event and that of its end
 * come within a day each.
 */
export const RECORD_SECONDS = 120 * 24 * 60 * 60;

/** Tries to begin while others begin and finish the same record. */
const MAX_TRIES = 5;

/** A record to begin. */
export interface RecordDraft {
  /** Key of the item: the same for the same object version. */
  readonly id: string;
  /** Attributes for people who read the table; the record does not use them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is recorded, JSON. */
  readonly decision: string;
  /** Tells decisions apart. */
  readonly decisionId: string;
  /** Whether no other record can follow. */
  readonly isFinal: boolean;
  /** When this attempt ends at the latest, epoch milliseconds. */
  readonly until: number;
}

/** The records in one table. @throws UpstreamUnavailableError, UpstreamTimeoutError (from every method) */
export class Records {
  readonly #store: StateStore;

  constructor(options: StateStoreOptions) {
    this.#store = new StateStore(options);
  }

  /** Finds the final record of an object, finished or not. */
  async findFinal(id: string, limits: Limits): Promise<BegunRecord | null> {
    const item = await this.#store.get(id, limits);
    const isCurrent = Number(item?.expiresAt?.N) > this.#store.now() / 1000;
    return item?.isFinal?.BOOL === true && isCurrent ? readRecord(id, item) : null;
  }

  /** Begins a record, or finds the one that counts and resumes it if it is not finished. */
  async begin(draft: RecordDraft, limits: Limits): Promise<BegunRecord> {
    const { id, decision, decisionId, until } = draft;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (await this.#put(draft, limits)) {
        return { id, decision, decisionId, isRecorded: false, until, results: {} };
      }
      const item = await this.#store.get(id, limits);
      if (!item) continue;
      const found = readRecord(id, item);
      if (item.isFinal?.BOOL !== false) return found;
      if (draft.isFinal) continue;
      const resumed = found.isRecorded ? found : await this.#resume(found, until, limits);
      if (resumed) return resumed;
    }
    throw new UpstreamUnavailableError('an earlier outcome is still being recorded; try again');
  }

  /** Keeps the result of a step. @returns the result that counts: the first */
  async keep(
    { id, decisionId }: BegunRecord,
    step: StepName,
    result: string,
    limits: Limits,
  ): Promise<string> {
    const change = {
      text: `SET ${step} = :result`,
      values: { ':result': stringAttribute(result) },
    };
    const isFirst = hasDecision(decisionId, `attribute_not_exists(${step})`);
    if (await this.#store.update(id, change, isFirst, limits)) return result;
    const item = await this.#store.get(id, limits);
    const kept = item?.decisionId?.S === decisionId ? item[step]?.S : undefined;
    if (kept === undefined) throw replaced();
    return kept;
  }

  /** Notes that all steps are done; the last attempt also ends the time until which others wait. */
  async finish({ id, decisionId, until }: BegunRecord, limits: Limits): Promise<void> {
    const recorded = { ':recorded': stringAttribute('recorded') };
    const end = {
      text: 'SET phase = :recorded, recordingUntil = :ended',
      values: { ...recorded, ':ended': numberAttribute(0) },
    };
    const isLast = hasDecision(decisionId, 'recordingUntil = :until', {
      ':until': numberAttribute(until),
    });
    if (await this.#store.update(id, end, isLast, limits)) return;
    // Another attempt still works on it.
    const change = { text: 'SET phase = :recorded', values: recorded };
    const isOurs = await this.#store.update(id, change, hasDecision(decisionId), limits);
    if (!isOurs) throw replaced();
  }

  /** Takes an id that is free, has expired, or holds a provisional record that no attempt works on. */
  #put(draft: RecordDraft, limits: Limits): Promise<boolean> {
    const { id, labels, decision, decisionId, isFinal, until } = draft;
    const nowMs = this.#store.now();
    const item = {
      ...stringAttributes(labels),
      pk: stringAttribute(id),
      phase: stringAttribute('recording'),
      decision: stringAttribute(decision),
      decisionId: stringAttribute(decisionId),
      isFinal: { BOOL: isFinal },
      recordingUntil: numberAttribute(until),
      expiresAt: numberAttribute(Math.ceil(nowMs / 1000) + RECORD_SECONDS),
    };
    return this.#store.put(item, isFinal ? isFreeOrProvisional(nowMs) : isFree(nowMs), limits);
  }

  /**
   * Makes a final record wait for this attempt as well. Each attempt gets a different time, so that the one
   * that finishes knows whether it is the last.
   *
   * @returns null if the record has changed since it was read
   */
  async #resume(
    found: BegunRecord,
    attemptUntil: number,
    limits: Limits,
  ): Promise<BegunRecord | null> {
    const until = Math.max(attemptUntil, found.until + 1);
    const change = {
      text: 'SET recordingUntil = :until',
      values: { ':until': numberAttribute(until) },
    };
    const isSame = hasDecision(found.decisionId, 'recordingUntil = :found', {
      ':found': numberAttribute(found.until),
    });
    const isOurs = await this.#store.update(found.id, change, isSame, limits);
    return isOurs ? { ...found, until } : null;
  }
}

function isFree(nowMs: number): Expression {
  return {
    text: 'attribute_not_exists(pk) OR expiresAt <= :now',
    values: { ':now': numberAttribute(nowMs / 1000) },
  };
}

function isFreeOrProvisional(nowMs: number): Expression {
  const { text, values } = isFree(nowMs);
  return {
    text: `${text} OR (isFinal = :provisional AND recordingUntil <= :nowMs)`,
    values: { ...values, ':nowMs': numberAttribute(nowMs), ':provisional': { BOOL: false } },
  };
}

function hasDecision(decisionId: string, condition?: string, values: Attributes = {}): Expression {
  return {
    text: ['decisionId = :decisionId', condition].filter(Boolean).join(' AND '),
    values: { ':decisionId': stringAttribute(decisionId), ...values },
  };
}

/** A retry finds the record that counts now. */
function replaced(): UpstreamUnavailableError {
  return new UpstreamUnavailableError('a later outcome has been recorded; try again');
}
