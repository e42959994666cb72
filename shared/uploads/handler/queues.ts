/** Requests to the queues that batches come from. */
import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClientDefaults } from '../../aws/client-defaults.ts';
import { type Limits, signalFor } from '../../limits.ts';
import type { QueueMessage } from '../events/queue-batch.ts';

/**
 * Longest visibility timeout that is set, seconds. SQS allows 12 hours (43,200 s) from the receipt; up to
 * 5 min of batching and 15 min of this invocation may have passed.
 */
const MAX_VISIBILITY_SECONDS = 42_000;

/** The queues that batches come from. */
export interface Queues {
  /** Hides a received message for some time. @throws what the SDK throws */
  hide(message: QueueMessage, seconds: number, limits: Limits): Promise<void>;
}

/** Creates the access to queues; the first message that has to wait creates the client. */
export function createQueues(): Queues {
  const client = lazy(
    () =>
      new SQSClient({
        ...awsClientDefaults('SQS', process.env),
        // The queue's own URL may name a different host than the configured endpoint.
        useQueueUrlAsEndpoint: false,
      }),
  );
  const urls = new Map<string, string>();
  async function urlOf(queueArn: string, abortSignal: AbortSignal): Promise<string> {
    const url = urls.get(queueArn) ?? (await findUrl(client(), queueArn, abortSignal));
    urls.set(queueArn, url);
    return url;
  }
  return {
    async hide({ queueArn, receiptHandle: ReceiptHandle }, seconds, limits) {
      const abortSignal = signalFor(limits);
      const QueueUrl = await urlOf(queueArn, abortSignal);
      const VisibilityTimeout = Math.min(seconds, MAX_VISIBILITY_SECONDS);
      const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
      await client().send(new ChangeMessageVisibilityCommand(input), { abortSignal });
    },
  };
}

async function findUrl(
  client: SQSClient,
  queueArn: string,
  abortSignal: AbortSignal,
): Promise<string> {
  const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(':');
  const input = { QueueName, QueueOwnerAWSAccountId };
  const { QueueUrl } = await client.send(new GetQueueUrlCommand(input), { abortSignal });
  if (QueueUrl === undefined) throw new Error(`SQS returned no URL for ${queueArn}`);
  return QueueUrl;
}

function lazy<T>(create: () => T): () => T {
  let created: T | undefined;
  return () => {
    created ??= create();
    return created;
  };
}
