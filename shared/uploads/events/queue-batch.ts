/** Batches of SQS messages: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
import * as z from 'zod/mini';

/**
 * Prefix of the names of executions that take over records of messages. `GET /submissions/{id}` takes only
 * UUIDs.
 */
export const HANDOVER_PREFIX = 'queue-';

/** One message of a batch. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often it was received, including this time. */
  readonly receiveCount: number;
  readonly queueArn: string;
}

const message = z.pipe(
  z.object({
    messageId: z.string().check(z.minLength(1)),
    receiptHandle: z.string().check(z.minLength(1)),
    body: z.string(),
    attributes: z.object({
      ApproximateReceiveCount: z.string().check(z.regex(/^[0-9]{1,9}$/)),
    }),
    eventSource: z.literal('aws:sqs'),
    eventSourceARN: z.string().check(z.regex(/^arn:[a-z-]+:sqs:[a-z0-9-]*:[0-9]*:[\w.-]+$/)),
  }),
  z.transform(
    ({ attributes, eventSourceARN: queueArn, messageId, receiptHandle, body }): QueueMessage => ({
      messageId,
      receiptHandle,
      body,
      receiveCount: Number(attributes.ApproximateReceiveCount),
      queueArn,
    }),
  ),
);

/** Schema of a batch; parses it to its messages. */
export const queueBatch = z.pipe(
  z.object({ Records: z.array(message) }),
  z.transform(({ Records }): QueueMessage[] => Records),
);
