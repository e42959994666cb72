/**
 * Answers a batch of SQS messages: each is done, comes back, or ends in the dead-letter queue
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 *
 * A record that has to wait (quota, claim held by another invocation, no time left) has not failed, and must
 * not end in the dead-letter queue, but each receipt of its message counts. A short wait therefore extends the
 * message's visibility timeout; a record that needs longer is handed over to the playbook `SubmitFile`, which
 * waits for days without a running function. The message is deleted once each of its records is done or handed
 * over. The function never sends a message: Lambda stops a function that feeds its own queue after about 16
 * rounds (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
 *
 * FIFO queues are handled in the same way. Records may be done in any order, because each one names its
 * version, and an event of replaced content is skipped.
 */
import type { PlaybookStarter } from '../../aws/playbook/start-playbook.ts';
import { QuotaExceededError } from '../../errors.ts';
import type { InvocationLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { sha256OfJson } from '../../sha256.ts';
import { HANDOVER_PREFIX, type QueueMessage } from '../events/queue-batch.ts';
import { type MessageRecord, type ReadNotice, readMessage } from '../events/read-event.ts';
import type { UploadNotice } from '../events/uploaded-object.ts';
import type { SubmitResult } from '../submit/submit-result-schema.ts';
import type { Queues } from './queues.ts';

/** Submits the object of one notice, or skips it. */
export type SubmitNotice = (
  notice: UploadNotice,
  limits: InvocationLimits,
) => Promise<SubmitResult>;

/** What handling upload events needs. */
export interface BatchServices {
  readonly submitNotice: SubmitNotice;
  /** Where messages wait. */
  readonly queues: Queues;
  /** Takes records that have to wait longer; undefined: their messages are hidden as long as SQS allows. */
  readonly playbook: PlaybookStarter | undefined;
}

/** What Lambda takes as the answer to a batch. */
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** A record has to wait. */
interface Wait {
  readonly seconds: number;
  /** Whether the other records of the batch would have to wait too. */
  readonly isForAll: boolean;
}

type RecordResult = 'done' | 'failed' | Wait;

/**
 * Receipts after which a message is hidden. With the least `maxReceiveCount` that AWS recommends, 5, three
 * are left: one to hand the message over, two for batches that Lambda received but could not run.
 */
const MAX_HIDDEN_RECEIPTS = 2;

/**
 * Longest wait for which a message is hidden, seconds. A minute's quota and another invocation's claim (15 min)
 * end within it; a day's quota seldom does.
 */
const MAX_HIDDEN_SECONDS = 20 * 60;

/** With less time left, no further record is begun, milliseconds. */
const MIN_RECORD_MS = 3_000;

/**
 * Answers a batch, one record after the other.
 *
 * @param messages - the batch
 * @param services - submits, hides and hands over
 * @param limits - the invocation's limits
 */
export async function answerBatch(
  messages: readonly QueueMessage[],
  services: BatchServices,
  limits: InvocationLimits,
): Promise<BatchAnswer> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  let waitForAll: Wait | null = null;
  for (const message of messages) {
    const { messageId } = message;
    const results: RecordResult[] = [];
    const records = readRecords(message);
    for (const { notice } of records ?? []) {
      const result = await submitRecord(notice, waitForAll, { services, limits, messageId });
      if (isWait(result) && result.isForAll) waitForAll = result;
      results.push(result);
    }
    const isDone = records !== null && (await settle(message, records, results, services, limits));
    if (!isDone) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}

/** Returns null if the message has no event. */
function readRecords({ messageId, body }: QueueMessage): readonly MessageRecord[] | null {
  try {
    return readMessage(body);
  } catch (error) {
    logger.warn('message not understood', { messageId, error });
    return null;
  }
}

interface Attempt {
  readonly services: BatchServices;
  readonly limits: InvocationLimits;
  readonly messageId: string;
}

/** Submits a record, unless all have to wait. One that is malformed or has nothing to submit never waits. */
async function submitRecord(
  notice: ReadNotice,
  waitForAll: Wait | null,
  { services, limits, messageId }: Attempt,
): Promise<RecordResult> {
  try {
    if (notice instanceof Error) throw notice;
    if (notice.skip === null) {
      if (waitForAll) return waitForAll;
      if (limits.deadline - Date.now() < MIN_RECORD_MS) return { seconds: 0, isForAll: true };
    }
    const { retryAfterSeconds } = await services.submitNotice(notice, limits);
    return retryAfterSeconds === null ? 'done' : { seconds: retryAfterSeconds, isForAll: false };
  } catch (error) {
    logger.warn('record failed', { messageId, error });
    if (!(error instanceof QuotaExceededError)) return 'failed';
    return { seconds: error.retryAfterSeconds, isForAll: true };
  }
}

/**
 * Hides the message while one of its records has to wait, or hands those records over.
 *
 * @returns whether the message is done
 */
async function settle(
  message: QueueMessage,
  records: readonly MessageRecord[],
  results: readonly RecordResult[],
  { queues, playbook }: BatchServices,
  { endsAt }: InvocationLimits,
): Promise<boolean> {
  const { messageId, receiveCount } = message;
  const waits = results.filter(isWait);
  if (waits.length === 0) return !results.includes('failed');
  const seconds = Math.max(...waits.map((wait) => wait.seconds));
  // The invocation's own deadline may have passed.
  const limits = { deadline: endsAt };
  const isLong = seconds > MAX_HIDDEN_SECONDS || receiveCount > MAX_HIDDEN_RECEIPTS;
  const isHandedOver = isLong && playbook !== undefined;
  logger.info('message delayed', { messageId, receiveCount, seconds, isHandedOver });
  try {
    if (!isHandedOver) {
      await queues.hide(message, seconds, limits);
      return false;
    }
    for (const [index, { event }] of records.entries()) {
      if (!isWait(results[index])) continue;
      await playbook.start(event, limits, handoverName(message, index));
    }
    return !results.includes('failed');
  } catch (error) {
    // It comes back after the queue's visibility timeout.
    logger.error('could not delay message', { messageId, error });
    return false;
  }
}

/** The same for each receipt of a message, so that a record is handed over once. */
function handoverName({ queueArn, messageId }: QueueMessage, recordIndex: number): string {
  return `${HANDOVER_PREFIX}${sha256OfJson([queueArn, messageId, recordIndex])}`;
}

function isWait(result: RecordResult | undefined): result is Wait {
  return typeof result === 'object';
}
