/** Files in a queue whose quota stays spent for longer than Lambda lets a function feed its own queue. */
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { localClientOptions } from '@local/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownTriggersAssembly } from '../support/own-triggers.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';
import { lookUpOf } from '../support/virustotal-faults.ts';

const FILES = 8;
/** Refusals of each file: more than the 16 rounds after which Lambda stops a loop. */
const ROUNDS = 20;
const bodyOf = (index: number) => `file ${index} in a queue`;

let running: TestStack;

beforeAll(async () => {
  const directory = await ownTriggersAssembly();
  running = await startTestStack({ directory, speed: 300, skipsWaits: true });
}, STARTUP_MS);
afterAll(() => running?.close());

it(
  'submits every file once, and no message becomes a dead letter',
  async () => {
    const { simulator, said, stack, stateMachines, awsUrl } = running;
    for (let index = 0; index < FILES; index += 1) {
      simulator.fault({
        kind: 'quota-exceeded',
        retryAfter: 60,
        times: ROUNDS,
        ...lookUpOf(bodyOf(index)),
      });
      await running.put(`file-${index}.bin`, bodyOf(index), 'my-archive');
    }
    const sent = () => simulator.requests.flatMap(({ file }) => (file ? [file.sha256] : []));
    await expect.poll(() => new Set(sent()).size, { timeout: 200_000, interval: 500 }).toBe(FILES);
    expect(sent()).toHaveLength(FILES);
    const executions = stateMachines.listExecutions(stack.outputs.SubmitFileStateMachineArn ?? '');
    expect(executions.map(({ name }) => name)).toEqual(
      Array(FILES).fill(expect.stringMatching(/^queue-[0-9a-f]{64}$/)),
    );
    expect(said.join('\n')).not.toContain('Lambda has stopped');
    const sqs = new SQSClient(localClientOptions(awsUrl));
    for (const { name } of stack.queues) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: `${awsUrl}/000000000000/${name}`,
          AttributeNames: ['All'],
        }),
      );
      expect([name, Attributes?.ApproximateNumberOfMessages]).toEqual([name, '0']);
    }
    sqs.destroy();
  },
  STARTUP_MS,
);
