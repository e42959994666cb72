/**
 * The answer to a batch of SQS messages: every message is done, tried again, or in the end in the
 * dead-letter queue (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 *
 * A message that has to wait (quota, another invocation at work, no time left) has done nothing wrong, and
 * must not end in the dead-letter queue for it. Each time that it is received counts; so at first it is
 * held back, and when it was received twice, a copy with a count of its own takes its place. Should this
 * end between copy and answer, both remain: a duplicate, which the claims make harmless.
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

/** What one message came to. */
type Fate =
  | { readonly kind: 'done' | 'failed' }
  /** `isForAll`: no other message would fare better. */
  | { readonly kind: 'waits'; readonly seconds: number; readonly isForAll: boolean };

/** Receipts of one message before a copy takes its place; a queue's `maxReceiveCount` must not be lower. */
const MAX_RECEIPTS = 2;

/** Time that a message needs at the least: with less left it is not begun, milliseconds. */
const MIN_MESSAGE_MS = 3_000;

/**
 * Answers a batch, one message after the other.
 *
 * @param messages - the batch
 * @param submit - submits one record
 * @param queues - where messages are held back
 * @param limits - the invocation's limits
 */
export async function answerBatch(
  messages: readonly QueueMessage[],
  submit: SubmitNotice,
  queues: Queues,
  limits: EventLimits,
): Promise<BatchAnswer> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  let fate: Fate = { kind: 'done' };
  for (const message of messages) {
    const isBlocked = fate.kind === 'waits' && fate.isForAll;
    if (!isBlocked) fate = await fateOf(message, submit, limits);
    const isGone =
      fate.kind === 'done' ||
      (fate.kind === 'waits' && (await makeWait(message, fate.seconds, queues, limits)));
    if (!isGone) batchItemFailures.push({ itemIdentifier: message.messageId });
  }
  return { batchItemFailures };
}

async function fateOf(
  message: QueueMessage,
  submit: SubmitNotice,
  limits: EventLimits,
): Promise<Fate> {
  const { messageId } = message;
  let fate: Fate = { kind: 'done' };
  try {
    for (const record of readMessage(message.body)) {
      const next = await fateOfRecord(record, submit, limits, messageId);
      if (next.kind === 'waits' && next.isForAll) return next;
      if (fate.kind === 'done') fate = next;
    }
  } catch (error) {
    logger.warn('message not understood', { messageId, error });
    return { kind: 'failed' };
  }
  return fate;
}

async function fateOfRecord(
  record: ReadNotice,
  submit: SubmitNotice,
  limits: EventLimits,
  messageId: string,
): Promise<Fate> {
  if (limits.deadline - Date.now() < MIN_MESSAGE_MS) {
    return { kind: 'waits', seconds: 0, isForAll: true };
  }
  try {
    if (record instanceof Error) throw record;
    const { retryAfterSeconds } = await submit(record, limits);
    if (retryAfterSeconds === null) return { kind: 'done' };
    return { kind: 'waits', seconds: retryAfterSeconds, isForAll: false };
  } catch (error) {
    logger.warn('record failed', { messageId, error });
    if (!(error instanceof QuotaExceededError)) return { kind: 'failed' };
    return { kind: 'waits', seconds: error.retryAfterSeconds, isForAll: true };
  }
}

/** Returns whether a copy has taken the message's place. Where it cannot wait, it comes back by itself. */
async function makeWait(
  message: QueueMessage,
  seconds: number,
  queues: Queues,
  { endsAt }: EventLimits,
): Promise<boolean> {
  const { messageId, receiveCount, queueArn } = message;
  // The invocation's own deadline may be what has passed.
  const limits = { deadline: endsAt };
  // A first-in-first-out queue takes no delays.
  const isReplaced = receiveCount >= MAX_RECEIPTS && !queueArn.endsWith('.fifo');
  logger.info('message waits', { messageId, receiveCount, seconds, isReplaced });
  try {
    await (isReplaced
      ? queues.sendAnew(message, seconds, limits)
      : queues.hold(message, seconds, limits));
    return isReplaced;
  } catch (error) {
    logger.error('the queue could not be asked to wait', { messageId, error });
    return false;
  }
}
