/** Connects a queue of S3 events to the function that submits files. */
import { Annotations, Aspects, type Duration, Token, Validations } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnQueue, type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { ConnectorFunction } from './connector-function.ts';

/** Settings of a queue of S3 events. */
export interface SubmitFromOptions {
  /**
   * Invocations at once. VirusTotal's quota allows few, and a message that Lambda receives but cannot run
   * uses up a receipt. Raise it for a key with a large quota. @default 2, the least that Lambda allows
   */
  readonly maxConcurrency?: number;
}

/** Messages in a batch; one invocation handles them one after the other. */
const BATCH_SIZE = 10;

const MAX_CONCURRENCY = 2;

/** AWS's advice (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const MIN_RECEIVE_COUNT = 5;
const VISIBILITY_FACTOR = 6;

/**
 * Connects a queue. The function hides a message that has to wait, or hands it over to a playbook, so that
 * waiting does not exhaust its receive count. Synthesis warns if the queue's settings are known not to work.
 */
export function submitFromQueue(
  { lambda }: ConnectorFunction,
  queue: IQueue,
  { maxConcurrency = MAX_CONCURRENCY }: SubmitFromOptions,
): void {
  lambda.addEventSource(
    new SqsEventSource(queue, {
      batchSize: BATCH_SIZE,
      maxConcurrency,
      reportBatchItemFailures: true,
    }),
  );
  acknowledgeDeadLetters(lambda, queue);
  // An aspect sees the settings as they are at last; those of an imported queue cannot be seen.
  const visit = (node: IConstruct) => {
    if (node instanceof CfnQueue) warnOfSettings(node, lambda.timeout);
  };
  Aspects.of(queue).add({ visit });
}

/** The dead-letter queue takes failed messages, and needs none itself. */
function acknowledgeDeadLetters(lambda: ConnectorFunction['lambda'], queue: IQueue): void {
  Validations.of(lambda).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason:
      'Lambda has no failure destination for SQS; failed messages go to the dead-letter queue.',
  });
  const deadLetters = queue instanceof Queue ? queue.deadLetterQueue?.queue : undefined;
  if (deadLetters) {
    const reason = 'It is a dead-letter queue itself.';
    Validations.of(deadLetters).acknowledge(
      { id: 'AwsSolutions-SQS3', reason },
      { id: 'Serverless-SQSRedrivePolicy', reason },
    );
  }
}

function warnOfSettings(queue: CfnQueue, timeout: Duration | undefined): void {
  const warn = (id: string, message: string) =>
    Annotations.of(queue).addWarningV2(`virustotal-connector:${id}`, message);
  const { redrivePolicy, visibilityTimeout = DEFAULT_VISIBILITY_SECONDS } = queue;
  if (redrivePolicy === undefined) {
    warn(
      'queueWithoutDeadLetterQueue',
      'the queue has no dead-letter queue, so an event that cannot be submitted comes back until the queue deletes it; set deadLetterQueue',
    );
  }
  const receives: unknown = Object(redrivePolicy).maxReceiveCount;
  if (typeof receives === 'number' && isLess(receives, MIN_RECEIVE_COUNT)) {
    warn(
      'queueMaxReceiveCount',
      `maxReceiveCount is ${receives}, so a message can become a dead letter before it is tried; set at least ${MIN_RECEIVE_COUNT}`,
    );
  }
  const seconds = VISIBILITY_FACTOR * (timeout?.toSeconds() ?? 0);
  if (isLess(visibilityTimeout, seconds)) {
    warn(
      'queueVisibilityTimeout',
      `visibilityTimeout is ${visibilityTimeout} s, so a message can come back while it is being submitted; set at least ${seconds} s, ${VISIBILITY_FACTOR} times the timeout of the function`,
    );
  }
}

/** Visibility timeout of a queue that sets none, seconds. */
const DEFAULT_VISIBILITY_SECONDS = 30;

function isLess(value: number, least: number): boolean {
  return !Token.isUnresolved(value) && value < least;
}
