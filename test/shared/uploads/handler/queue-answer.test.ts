import { describe, expect, it } from 'vitest';
import type { PlaybookStarter } from '../../../../shared/aws/playbook/start-playbook.ts';
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

/** Answers a batch and keeps the requests to its queues and to the playbook. */
async function answer(messages: readonly QueueMessage[], submitNotice: SubmitNotice) {
  const waits: string[] = [];
  const names: string[] = [];
  const queues: Queues = {
    async hide({ messageId }, seconds) {
      waits.push(`hide ${messageId} ${seconds}`);
    },
  };
  const playbook: PlaybookStarter = {
    async start(input, _, name = 'none') {
      waits.push(`start ${JSON.parse(JSON.stringify(input)).detail.object.key}`);
      names.push(name);
      return name;
    },
  };
  const endsAt = Date.now() + 60_000;
  const limits = { deadline: endsAt, endsAt, requestId: 'request' };
  const services = { submitNotice, queues, playbook };
  const { batchItemFailures } = await answerBatch(messages, services, limits);
  return { waits, names, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
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
    expect(await answer(messages, submit)).toMatchObject({
      waits: ['hide busy 30'],
      failed: ['busy'],
    });
    expect(submitted).toEqual(['first', 'busy', 'last']);
  });

  it.each([QUEUE, `${QUEUE}.fifo`])(
    'is handed over from the third receipt on (%s)',
    async (queueArn) => {
      const receipt = (receiveCount: number) =>
        answer([message('busy', { receiveCount, queueArn })], submitUnlessBusy);
      expect(await receipt(2)).toMatchObject({ waits: ['hide busy 30'], failed: ['busy'] });
      const third = await receipt(3);
      expect(third).toMatchObject({ waits: ['start busy'], failed: [] });
      expect(await receipt(4)).toEqual(third);
    },
  );
});

describe('the name of an execution', () => {
  it('is one for each message and queue', async () => {
    const receiveCount = 3;
    const { names } = await answer(
      [
        message('busy', { receiveCount }),
        message('busy', { receiveCount, messageId: 'other' }),
        message('busy', { receiveCount, queueArn: `${QUEUE}-2` }),
      ],
      submitUnlessBusy,
    );
    expect(new Set(names).size).toBe(3);
  });
});
