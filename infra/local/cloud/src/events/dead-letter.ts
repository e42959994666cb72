/** Messages that EventBridge sends to a dead-letter queue (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html). */
import type { Failure } from './delivery.ts';
import type { BusEvent } from './event.ts';

/** An event that could not be delivered. */
export interface DeadLetter {
  readonly queueArn: string;
  /** The original event, JSON text. */
  readonly body: string;
  /** Message attributes, all of type String. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Builds the message for an event that could not be delivered. */
export function deadLetterOf(
  event: BusEvent,
  ruleArn: string,
  targetArn: string,
  queueArn: string,
  { error, retries, exhausted }: Failure,
): DeadLetter {
  return {
    queueArn,
    body: JSON.stringify(event),
    attributes: {
      RULE_ARN: ruleArn,
      TARGET_ARN: targetArn,
      ERROR_CODE: error.code,
      // SQS does not accept empty attributes.
      ERROR_MESSAGE: error.message || error.code,
      RETRY_ATTEMPTS: String(retries),
      ...(exhausted ? { EXHAUSTED_RETRY_CONDITION: exhausted } : {}),
    },
  };
}
