/** A queue, as its poller uses it. */
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** Limits of SQS's calls. */
const MAX_MESSAGES = 10;
const MAX_WAIT_SECONDS = 20;

/** Where a queue is, and who polls it. */
export interface QueueAddress {
  readonly url: string;
  readonly endpoint: string;
  readonly region: string;
  /** Access key id of the calls. */
  readonly principal: string;
}

export class PolledQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor({ url, endpoint, region, principal }: QueueAddress) {
    const credentials = { accessKeyId: principal, secretAccessKey: 'local' };
    this.#client = new SQSClient({ endpoint, region, credentials });
    this.#url = url;
  }

  /**
   * Receives messages as soon as there are some.
   *
   * @param most - number of messages; SQS returns ten at most
   * @param waitSeconds - real time; twenty at most
   */
  async receive(most: number, waitSeconds: number, abortSignal: AbortSignal): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: Math.min(MAX_MESSAGES, most),
      WaitTimeSeconds: Math.min(MAX_WAIT_SECONDS, waitSeconds),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return (await this.#client.send(command, { abortSignal })).Messages ?? [];
  }

  async delete(receiptHandles: readonly string[]): Promise<void> {
    for (let from = 0; from < receiptHandles.length; from += MAX_MESSAGES) {
      const handles = receiptHandles.slice(from, from + MAX_MESSAGES);
      const Entries = handles.map((ReceiptHandle, index) => ({ Id: `${index}`, ReceiptHandle }));
      await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }

  close(): void {
    this.#client.destroy();
  }
}
