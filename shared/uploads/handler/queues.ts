/** What is asked of the queue that a batch came from: to hold a message back, or to take it anew. */
import {
  ChangeMessageVisibilityCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { awsClientDefaults } from '../../aws/client-defaults.ts';
import { type Limits, signalFor } from '../../limits.ts';
import type { QueueMessage } from '../events/queue-batch.ts';

/** Longest delay of a new message, seconds. */
const MAX_DELAY_SECONDS = 900;

/**
 * Longest time that a message is held back, seconds. SQS takes 12 hours (43,200 s) since it was received:
 * up to 5 min of batching and 15 min of this invocation may have passed.
 */
const MAX_HOLD_SECONDS = 42_000;

/** The queues that batches come from. */
export interface Queues {
  /** Keeps a received message invisible. @throws whatever the SDK throws */
  hold(message: QueueMessage, seconds: number, limits: Limits): Promise<void>;
  /** Sends the same body as a new message, whose receive count starts anew. @throws whatever the SDK throws */
  sendAnew(message: QueueMessage, seconds: number, limits: Limits): Promise<void>;
}

/** Makes the access to queues; the client is made when a message has to wait for the first time. */
export function createQueues(): Queues {
  let opened: SQSClient | undefined;
  const client = () => {
    // The queue's own URL may name a host that is not the configured endpoint's.
    opened ??= new SQSClient({
      ...awsClientDefaults('SQS', process.env),
      useQueueUrlAsEndpoint: false,
    });
    return opened;
  };
  const urls = new Map<string, string>();

  async function urlOf(queueArn: string, abortSignal: AbortSignal): Promise<string> {
    const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(':');
    const known = urls.get(queueArn);
    if (known !== undefined) return known;
    const input = { QueueName, QueueOwnerAWSAccountId };
    const { QueueUrl } = await client().send(new GetQueueUrlCommand(input), { abortSignal });
    if (QueueUrl === undefined) throw new Error(`SQS gives no URL for ${queueArn}`);
    urls.set(queueArn, QueueUrl);
    return QueueUrl;
  }

  return {
    async hold({ queueArn, receiptHandle: ReceiptHandle }, seconds, limits) {
      const abortSignal = signalFor(limits);
      const QueueUrl = await urlOf(queueArn, abortSignal);
      const VisibilityTimeout = Math.min(seconds, MAX_HOLD_SECONDS);
      const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
      await client().send(new ChangeMessageVisibilityCommand(input), { abortSignal });
    },
    async sendAnew({ queueArn, body: MessageBody }, seconds, limits) {
      const abortSignal = signalFor(limits);
      const QueueUrl = await urlOf(queueArn, abortSignal);
      const DelaySeconds = Math.min(seconds, MAX_DELAY_SECONDS);
      const input = { QueueUrl, MessageBody, DelaySeconds };
      await client().send(new SendMessageCommand(input), { abortSignal });
    },
  };
}
