/**
 * Answers a batch of SQS messages: each is done, is retried, or ends in the dead-letter queue
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 *
 * A message that has to wait (quota, claim held by another invocation, no time left) has not failed, and must
 * not end in the dead-letter queue. Each receipt counts, so the message is hidden at first, and after two
 * receipts replaced by a copy whose count starts at zero. A crash between copy and answer leaves both: a
 * duplicate, which the claims make harmless.
 */

import { QuotaExceededError } from '../../errors.ts';
import type { EventLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import type { QueueMessage } from '../events/queue-batch.ts';
import { type ReadNotice, readMessage } from '../events/read-event.ts';
import type { UploadNotice } from '../events/uploaded-object.ts';
import type { SubmitResult } from '../submit/submit-result-schema.ts';
import type { Queues } from './queues.ts';

/** Submits the object of one notice, or skips it. */
export type SubmitNotice = (notice: UploadNotice, limits: EventLimits) => Promise<SubmitResult>;

/** What Lambda takes as the answer to a batch. */
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** Result of one message. */
type MessageResult =
  | { readonly kind: 'done' | 'failed' }
  /** `isForAll`: the other messages of the batch would have to wait too. */
  | { readonly kind: 'waits'; readonly seconds: number; readonly isForAll: boolean };

/** Receipts of a message before a copy replaces it; a queue's `maxReceiveCount` must not be lower. */
const MAX_RECEIPTS = 2;

/** With less time left, no further message is begun, milliseconds. */
const MIN_MESSAGE_MS = 3_000;

/**
 * Answers a batch, one message after the other.
 *
 * @param messages - the batch
 * @param submit - submits the object of one notice
 * @param queues - where messages wait
 * @param limits - the invocation's limits
 */
export async function answerBatch(
  messages: readonly QueueMessage[],
  submit: SubmitNotice,
  queues: Queues,
  limits: EventLimits,
): Promise<BatchAnswer> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  let result: MessageResult = { kind: 'done' };
  for (const message of messages) {
    const isBlocked = result.kind === 'waits' && result.isForAll;
    if (!isBlocked) result = await handleMessage(message, submit, limits);
    const isDone =
      result.kind === 'done' ||
      (result.kind === 'waits' && (await delay(message, result.seconds, queues, limits)));
    if (!isDone) batchItemFailures.push({ itemIdentifier: message.messageId });
  }
  return { batchItemFailures };
}

async function handleMessage(
  message: QueueMessage,
  submit: SubmitNotice,
  limits: EventLimits,
): Promise<MessageResult> {
  const { messageId } = message;
  let result: MessageResult = { kind: 'done' };
  try {
    for (const notice of readMessage(message.body)) {
      const next = await handleNotice(notice, submit, limits, messageId);
      if (next.kind === 'waits' && next.isForAll) return next;
      if (result.kind === 'done') result = next;
    }
  } catch (error) {
    logger.warn('message not understood', { messageId, error });
    return { kind: 'failed' };
  }
  return result;
}

async function handleNotice(
  notice: ReadNotice,
  submit: SubmitNotice,
  limits: EventLimits,
  messageId: string,
): Promise<MessageResult> {
  if (limits.deadline - Date.now() < MIN_MESSAGE_MS) {
    return { kind: 'waits', seconds: 0, isForAll: true };
  }
  try {
    if (notice instanceof Error) throw notice;
    const { retryAfterSeconds } = await submit(notice, limits);
    if (retryAfterSeconds === null) return { kind: 'done' };
    return { kind: 'waits', seconds: retryAfterSeconds, isForAll: false };
  } catch (error) {
    logger.warn('record failed', { messageId, error });
    if (!(error instanceof QuotaExceededError)) return { kind: 'failed' };
    return { kind: 'waits', seconds: error.retryAfterSeconds, isForAll: true };
  }
}

/**
 * Makes a message wait. If that fails, it comes back after the queue's visibility timeout.
 *
 * @returns whether a copy has replaced it
 */
async function delay(
  message: QueueMessage,
  seconds: number,
  queues: Queues,
  { endsAt }: EventLimits,
): Promise<boolean> {
  const { messageId, receiveCount, queueArn } = message;
  // The invocation's own deadline may have passed.
  const limits = { deadline: endsAt };
  // FIFO queues allow no delay per message.
  const isReplaced = receiveCount >= MAX_RECEIPTS && !queueArn.endsWith('.fifo');
  logger.info('message delayed', { messageId, receiveCount, seconds, isReplaced });
  try {
    await (isReplaced
      ? queues.sendCopy(message, seconds, limits)
      : queues.hide(message, seconds, limits));
    return isReplaced;
  } catch (error) {
    logger.error('could not delay message', { messageId, error });
    return false;
  }
}
