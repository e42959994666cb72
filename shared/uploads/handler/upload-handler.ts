/** Handles S3 notifications and EventBridge events of S3, directly or through SQS or SNS. */
import middy from '@middy/core';
import { ConnectorError, UpstreamUnavailableError } from '../../errors.ts';
import { type EventAdapter, earlyTimeout } from '../../lambda/adapter.ts';
import { eventLimitsFor } from '../../lambda/limits.ts';
import { logResult, translateErrors } from '../../lambda/middleware.ts';
import type { InvocationLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { isUploadEvent, type ReadNotice, readEvent } from '../events/read-event.ts';
import type { SubmitResult } from '../submit/submit-result-schema.ts';
import {
  answerBatch,
  type BatchAnswer,
  type BatchServices,
  type SubmitNotice,
} from './queue-answer.ts';

/** Answer to an S3 notification, which S3 does not read. */
export interface NotificationAnswer {
  readonly records: readonly SubmitResult[];
}

type UploadAnswer = SubmitResult | NotificationAnswer | BatchAnswer;

/**
 * Creates the handler of upload events.
 *
 * - An EventBridge event answers with the result of its object, and fails with the named error.
 * - A notification fails if one of its records fails or is malformed, after all were tried: Lambda retries
 *   it, and the claims keep finished work from being repeated. The last failure goes to the failure
 *   destination.
 * - A batch answers which of its messages failed.
 *
 * @param name - name of the operation in the log
 */
export function uploadHandler(name: string, services: BatchServices): EventAdapter {
  const handle = middy<unknown, UploadAnswer>(earlyTimeout)
    .use(logResult(name, 'event'))
    .use(translateErrors())
    .handler<unknown, UploadAnswer>(async (event, context, { signal }) => {
      const limits = eventLimitsFor(context, signal, Date.now());
      const read = readEvent(event);
      if (read.kind === 'object') return services.submitNotice(read.notice, limits);
      if (read.kind === 'queue') return answerBatch(read.messages, services, limits);
      return answerNotification(read.notices, services.submitNotice, limits);
    });
  return { takes: isUploadEvent, handle };
}

async function answerNotification(
  notices: readonly ReadNotice[],
  submit: SubmitNotice,
  limits: InvocationLimits,
): Promise<NotificationAnswer> {
  const results: SubmitResult[] = [];
  const failures: unknown[] = [];
  if (notices.length === 0) logger.info('event without records skipped');
  for (const notice of notices) {
    try {
      if (notice instanceof Error) throw notice;
      const result = await submit(notice, limits);
      if (result.retryAfterSeconds !== null) throw notYet(result);
      results.push(result);
    } catch (error) {
      logger.warn('record failed', { error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw combined(failures, notices.length);
  return { records: results };
}

/** Lambda ignores the answer to a notification: only a failure makes it retry. */
function notYet({ reason, retryAfterSeconds }: SubmitResult): Error {
  return new UpstreamUnavailableError(`${reason}; try again in ${retryAfterSeconds} s`);
}

/** Returns one error for all: the first that a retry can get past, otherwise the first. */
function combined(failures: readonly unknown[], recordCount: number): unknown {
  const isRetryable = (error: unknown) => error instanceof ConnectorError && error.retryable;
  const error = failures.find(isRetryable) ?? failures[0];
  if (recordCount > 1 && error instanceof Error) {
    error.message = `${failures.length} of ${recordCount} records failed; one of them: ${error.message}`;
  }
  return error;
}
