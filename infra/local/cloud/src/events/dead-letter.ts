/** What EventBridge puts into a dead-letter queue (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html). */
import type { Failure } from './delivery.ts';
import type { BusEvent } from './event.ts';

/** An event that could not be delivered. */
export interface DeadLetter {
  readonly queueArn: string;
  /** The event as it came, JSON text. */
  readonly body: string;
  /** Message attributes, all of type String. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Makes the message. */
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
      // SQS takes no empty attribute.
      ERROR_MESSAGE: error.message || error.code,
      RETRY_ATTEMPTS: String(retries),
      ...(exhausted ? { EXHAUSTED_RETRY_CONDITION: exhausted } : {}),
    },
  };
}
