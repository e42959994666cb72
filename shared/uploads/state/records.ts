/**
 * Records of what became of a thing: the first one that is begun is the one that is made, whoever asks
 * and however often, so that all that follows from it can be repeated after a crash. Kept in DynamoDB, in
 * an item beside the claim's: a claim can be given back and lives for a day, a record stays and lives longer.
 *
 * A provisional record may be followed by a final one, and by that alone, once nobody is making it any
 * more: whoever resumes it extends the time until which it is being made, so that nothing of it (a tag
 * `pending`, say) is written after what follows.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UpstreamUnavailableError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { number, openTable, text, type Values } from './state-table.ts';

/**
 * How long a record is kept, seconds. An execution lasts 7 days at most; its event and that of its end
 * come within a day each.
 */
export const RECORD_SECONDS = 30 * 24 * 60 * 60;

/** Rounds of beginning against others that come and go. */
const MAX_ROUNDS = 5;

/** A step whose result is kept, so that a repetition does not come to another one. */
export type StepName = 'tags' | 'quarantine';

/** A wish to record. */
export interface RecordRequest {
  /** Key of the item: the same for the same thing, whoever asks. */
  readonly id: string;
  /** What a reader of the table wants to see; plays no part in the record. */
  readonly about: Readonly<Record<string, string>>;
  /** What is recorded, JSON text. */
  readonly decision: string;
  /** Tells decisions apart. */
  readonly decisionId: string;
  /** Whether nothing can follow. */
  readonly isFinal: boolean;
  /** When whoever records ends at the latest, epoch milliseconds. */
  readonly until: number;
}

/** A record that was begun, by this attempt or an earlier one. */
export interface BegunRecord {
  readonly id: string;
  /** What is recorded: this attempt's decision, or an earlier one's. */
  readonly decision: string;
  readonly decisionId: string;
  /** Whether all was done. */
  readonly isRecorded: boolean;
  /** Until when it is being made, by this attempt or others, epoch milliseconds. */
  readonly until: number;
  /** Results of the steps that were done, JSON text. */
  readonly results: Readonly<Partial<Record<StepName, string>>>;
}

/** The records of one table. Every method throws UpstreamUnavailableError or UpstreamTimeoutError. */
export interface Records {
  /** The final record of a thing, done or not; null when there is none. */
  findFinal(id: string, limits: Limits): Promise<BegunRecord | null>;
  /** Begins a record, or finds the one that counts, and resumes it when it is not done. */
  begin(request: RecordRequest, limits: Limits): Promise<BegunRecord>;
  /** Keeps the result of a step. @returns the result that counts: the first */
  keep(record: BegunRecord, step: StepName, result: string, limits: Limits): Promise<string>;
  /** Notes that all was done. */
  finish(record: BegunRecord, limits: Limits): Promise<void>;
}

/** Where records are kept. */
export interface RecordsOptions {
  readonly client: DynamoDBClient;
  /** Name of a table with the string `pk` as its key and `expiresAt` as its time to live. */
  readonly tableName: string;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Opens the records of a table; asks nothing of it yet. */
export function openRecords({ client, tableName, now = Date.now }: RecordsOptions): Records {
  const table = openTable(client, tableName, now);

  /** An id that is free, or has expired, or holds a provisional record that nobody is making now. */
  function put(request: RecordRequest, limits: Limits): Promise<boolean> {
    const { id, about, decision, decisionId, isFinal, until } = request;
    const nowMs = now();
    const item = {
      ...Object.fromEntries(Object.entries(about).map(([name, value]) => [name, text(value)])),
      pk: text(id),
      phase: text('recording'),
      decision: text(decision),
      decisionId: text(decisionId),
      isFinal: { BOOL: isFinal },
      recordingUntil: number(until),
      expiresAt: number(Math.ceil(nowMs / 1000) + RECORD_SECONDS),
    };
    const isFree = 'attribute_not_exists(pk) OR expiresAt <= :now';
    const followsProvisional = 'isFinal = :provisional AND recordingUntil <= :nowMs';
    const seconds = { ':now': number(nowMs / 1000) };
    return isFinal
      ? table.put(
          item,
          `${isFree} OR (${followsProvisional})`,
          {
            ...seconds,
            ':nowMs': number(nowMs),
            ':provisional': { BOOL: false },
          },
          limits,
        )
      : table.put(item, isFree, seconds, limits);
  }

  /**
   * Has what follows a provisional record wait for this attempt as well. Each attempt's time is another,
   * so that the one that finishes knows whether it is the last.
   *
   * @returns null when the record has changed meanwhile
   */
  async function resume(found: BegunRecord, request: RecordRequest, limits: Limits) {
    const until = Math.max(request.until, found.until + 1);
    const values = {
      ':decisionId': text(found.decisionId),
      ':found': number(found.until),
      ':until': number(until),
    };
    const isSame = 'decisionId = :decisionId AND recordingUntil = :found';
    const change = 'SET recordingUntil = :until';
    return (await table.updateIf(found.id, isSame, change, values, limits))
      ? { ...found, until }
      : null;
  }

  return {
    async findFinal(id, limits) {
      const item = await table.get(id, limits);
      const counts = item?.isFinal?.BOOL === true && Number(item.expiresAt?.N) > now() / 1000;
      return counts ? readRecord(id, item) : null;
    },
    async begin(request, limits) {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const { id, decision, decisionId, until } = request;
        if (await put(request, limits))
          return { id, decision, decisionId, isRecorded: false, until, results: {} };
        const item = await table.get(id, limits);
        if (!item) continue;
        const found = readRecord(id, item);
        if (item.isFinal?.BOOL !== false) return found;
        if (request.isFinal) continue;
        const resumed = found.isRecorded ? found : await resume(found, request, limits);
        if (resumed) return resumed;
      }
      throw new UpstreamUnavailableError('an earlier outcome is just being recorded; try again');
    },
    async keep(record, step, result, limits) {
      const { id, decisionId } = record;
      const values = { ':result': text(result), ':decisionId': text(decisionId) };
      const isFirst = `decisionId = :decisionId AND attribute_not_exists(${step})`;
      if (await table.updateIf(id, isFirst, `SET ${step} = :result`, values, limits)) return result;
      const item = await table.get(id, limits);
      const kept = item?.decisionId?.S === decisionId ? item[step]?.S : undefined;
      if (kept === undefined) throw replaced();
      return kept;
    },
    async finish({ id, decisionId, until }, limits) {
      const values = { ':recorded': text('recorded'), ':decisionId': text(decisionId) };
      const isOurs = 'decisionId = :decisionId';
      const change = 'SET phase = :recorded';
      const last = { ...values, ':until': number(until), ':ended': number(0) };
      const isLast = `${isOurs} AND recordingUntil = :until`;
      const ending = `${change}, recordingUntil = :ended`;
      if (await table.updateIf(id, isLast, ending, last, limits)) return;
      // Another attempt is still at it.
      if (!(await table.updateIf(id, isOurs, change, values, limits))) throw replaced();
    },
  };
}

/** A repetition finds the record that counts now. */
function replaced(): UpstreamUnavailableError {
  return new UpstreamUnavailableError('a later outcome has been recorded meanwhile; try again');
}

function readRecord(id: string, item: Values): BegunRecord {
  const { tags, quarantine } = item;
  return {
    id,
    decision: item.decision?.S ?? '',
    decisionId: item.decisionId?.S ?? '',
    isRecorded: item.phase?.S === 'recorded',
    until: Number(item.recordingUntil?.N ?? 0),
    results: {
      ...(tags?.S !== undefined && { tags: tags.S }),
      ...(quarantine?.S !== undefined && { quarantine: quarantine.S }),
    },
  };
}
