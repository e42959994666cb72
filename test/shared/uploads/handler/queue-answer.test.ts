import { describe, expect, it } from 'vitest';
import type { QueueMessage } from '../../../../shared/uploads/events/queue-batch.ts';
import { answerBatch, type SubmitNotice } from '../../../../shared/uploads/handler/queue-answer.ts';
import type { Queues } from '../../../../shared/uploads/handler/queues.ts';
import { inProgress, resultOf } from '../../../../shared/uploads/submit/submit-results.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:uploads';

/** A message with the event of one object; its key is also the message's id. */
function message(key: string, fields: Partial<QueueMessage> = {}): QueueMessage {
  const body = JSON.stringify({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'uploads' }, object: { key, size: 5, etag: 'e', sequencer: '01' } },
  });
  return { messageId: key, receiptHandle: key, body, receiveCount: 1, queueArn: QUEUE, ...fields };
}

/** Answers a batch and keeps the requests to its queues. */
async function answer(messages: readonly QueueMessage[], submit: SubmitNotice) {
  const waits: string[] = [];
  const queues: Queues = {
    async hide({ messageId }, seconds) {
      waits.push(`hide ${messageId} ${seconds}`);
    },
    async sendCopy({ messageId }, seconds) {
      waits.push(`copy ${messageId} ${seconds}`);
    },
  };
  const endsAt = Date.now() + 60_000;
  const limits = { deadline: endsAt, endsAt, requestId: 'request' };
  const { batchItemFailures } = await answerBatch(messages, submit, queues, limits);
  return { waits, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

/** Another invocation submits the objects whose key starts with `busy`. */
const submitUnlessBusy: SubmitNotice = async ({ object }) =>
  object.key.startsWith('busy')
    ? inProgress(object, 'another invocation is submitting it', 30)
    : resultOf(object, 'submitted');

describe('a message whose object another invocation submits', () => {
  it('waits and does not block the other messages of its batch', async () => {
    const submitted: string[] = [];
    const submit: SubmitNotice = async (notice, limits) => {
      submitted.push(notice.object.key);
      return submitUnlessBusy(notice, limits);
    };
    const messages = [message('first'), message('busy'), message('last')];
    expect(await answer(messages, submit)).toEqual({ waits: ['hide busy 30'], failed: ['busy'] });
    expect(submitted).toEqual(['first', 'busy', 'last']);
  });

  it('is replaced by a copy from the second receipt on', async () => {
    expect(await answer([message('busy', { receiveCount: 2 })], submitUnlessBusy)).toEqual({
      waits: ['copy busy 30'],
      failed: [],
    });
  });

  it('is only hidden in a FIFO queue, which allows no delay of a new message', async () => {
    const fifo = { receiveCount: 2, queueArn: `${QUEUE}.fifo` };
    expect(await answer([message('busy', fifo)], submitUnlessBusy)).toEqual({
      waits: ['hide busy 30'],
      failed: ['busy'],
    });
  });
});
