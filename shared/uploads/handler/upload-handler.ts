/** The events stack of middy: S3 notifications, EventBridge events of S3, and SQS batches of either. */
import middy from '@middy/core';
import { ConnectorError, UpstreamUnavailableError } from '../../errors.ts';
import { eventLimitsFor } from '../../lambda/limits.ts';
import { logOutcome, translateErrors } from '../../lambda/middleware.ts';
import { earlyTimeout, type Stack } from '../../lambda/stack.ts';
import type { EventLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import type { Operation } from '../../operations/catalogue.ts';
import { isUploadEvent, type ReadNotice, readEvent } from '../events/read-event.ts';
import type { SubmitResult } from '../submit/submit-result-schema.ts';
import { answerBatch, type BatchAnswer, type SubmitNotice } from './queue-answer.ts';
import type { Queues } from './queues.ts';

/** What the events stack works with. */
export interface UploadHandlerOptions {
  readonly operation: Pick<Operation, 'name'>;
  readonly submit: SubmitNotice;
  /** Where messages are held back. */
  readonly queues: Queues;
}

/** Answer to an S3 notification, whose caller does not read it. */
export interface NotificationAnswer {
  readonly records: readonly SubmitResult[];
}

type UploadAnswer = SubmitResult | NotificationAnswer | BatchAnswer;

/**
 * Makes the stack.
 *
 * - An EventBridge event answers with the outcome of its object, and fails with the named error.
 * - A notification fails when any of its records does or is malformed, after all were tried: Lambda
 *   repeats it, and the claims keep what was done from being done again. In the end it goes to the failure
 *   destination.
 * - A batch answers which of its messages failed.
 */
export function uploadHandler({ operation, submit, queues }: UploadHandlerOptions): Stack {
  const handle = middy<unknown, UploadAnswer>(earlyTimeout)
    .use(logOutcome(operation.name, 'event'))
    .use(translateErrors())
    .handler<unknown, UploadAnswer>(async (event, context, { signal }) => {
      const limits = eventLimitsFor(context, signal, Date.now());
      const read = readEvent(event);
      if (read.kind === 'object') return submit(read.record, limits);
      if (read.kind === 'queue') {
        return answerBatch(read.messages, submit, queues, limits);
      }
      return answerNotification(read.records, submit, limits);
    });
  return { takes: isUploadEvent, handle };
}

async function answerNotification(
  records: readonly ReadNotice[],
  submit: SubmitNotice,
  limits: EventLimits,
): Promise<NotificationAnswer> {
  const outcomes: SubmitResult[] = [];
  const failures: unknown[] = [];
  if (records.length === 0) logger.info('event without records skipped');
  for (const record of records) {
    try {
      if (record instanceof Error) throw record;
      const outcome = await submit(record, limits);
      if (outcome.retryAfterSeconds !== null) throw notYet(outcome);
      outcomes.push(outcome);
    } catch (error) {
      logger.warn('record failed', { error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw combined(failures, records.length);
  return { records: outcomes };
}

/** Lambda reads no answer to a notification: only a failure makes it come again. */
function notYet({ reason, retryAfterSeconds }: SubmitResult): Error {
  return new UpstreamUnavailableError(`${reason}; try again in ${retryAfterSeconds} s`);
}

/** One error for all: the first that a repetition can heal, else the first. */
function combined(failures: readonly unknown[], records: number): unknown {
  const isRetryable = (error: unknown) => error instanceof ConnectorError && error.retryable;
  const error = failures.find(isRetryable) ?? failures[0];
  if (records > 1 && error instanceof Error) {
    error.message = `${failures.length} of ${records} records failed; one of them: ${error.message}`;
  }
  return error;
}
