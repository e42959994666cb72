import {
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { expect, it, onTestFinished } from 'vitest';
import { createStepFunctionsApi } from '../../src/step-functions/service.ts';
import { serve } from '../aws/serve.ts';
import { ARN, engineOf } from './harness.ts';

/** An engine with executions that have ended, and a client for it. */
async function start(names: readonly string[]) {
  const engine = engineOf({
    First: { Type: 'Pass', Next: 'Choice' },
    Choice: {
      Type: 'Choice',
      Choices: [{ Variable: '$.fail', IsPresent: true, Next: 'Fail' }],
      Default: 'Done',
    },
    Fail: { Type: 'Fail', Error: 'Bad', Cause: 'on purpose' },
    Done: { Type: 'Succeed' },
  });
  for (const name of names) {
    const input = name === 'failing' ? '{"fail":1}' : '{"a":1}';
    await engine.ended(engine.startExecution({ stateMachineArn: ARN, name, input }).executionArn);
  }
  const { options } = await serve(createStepFunctionsApi(engine));
  const client = new SFNClient(options);
  onTestFinished(() => client.destroy());
  const history = async (name: string, request: object = {}) => {
    const executionArn = `${ARN.replace('stateMachine', 'execution')}:${name}`;
    return client.send(new GetExecutionHistoryCommand({ executionArn, ...request }));
  };
  return { client, history };
}

it('lists executions in pages, latest first', async () => {
  const { client } = await start(['a', 'b', 'c']);
  const list = (request: object) =>
    client.send(new ListExecutionsCommand({ stateMachineArn: ARN, ...request }));
  const first = await list({ maxResults: 2 });
  expect(first.executions?.map(({ name }) => name)).toEqual(['c', 'b']);
  const second = await list({ maxResults: 2, nextToken: first.nextToken });
  expect(second.executions?.map(({ name }) => name)).toEqual(['a']);
  expect(second.nextToken).toBeUndefined();
  expect((await list({ maxResults: 0 })).executions).toHaveLength(3);
  await expect(list({ maxResults: 1001 })).rejects.toMatchObject({ name: 'ValidationException' });
});

const typesOf = (events: readonly HistoryEvent[] = []) => events.map(({ type }) => type);

it('returns a history in pages, in either order', async () => {
  const { history } = await start(['one']);
  const all = typesOf((await history('one')).events);
  const reversed = await history('one', { reverseOrder: true, maxResults: 1 });
  expect(typesOf(reversed.events)).toEqual(['ExecutionSucceeded']);
  const rest = await history('one', { reverseOrder: true, nextToken: reversed.nextToken });
  expect(typesOf(rest.events)).toEqual(all.slice(0, -1).toReversed());
});

it('says how executions started and ended', async () => {
  const { history } = await start(['one', 'failing']);
  const { events = [] } = await history('one');
  expect(events[0]?.executionStartedEventDetails).toEqual({
    input: '{"a":1}',
    roleArn: 'arn:aws:iam::000000000000:role/local',
  });
  expect(events.at(-1)?.executionSucceededEventDetails).toEqual({ output: '{"a":1}' });
  const bare = await history('one', { includeExecutionData: false });
  expect(bare.events?.[0]?.executionStartedEventDetails).not.toHaveProperty('input');
  expect(bare.events?.at(-1)?.executionSucceededEventDetails).toEqual({});
  const failed = (await history('failing')).events?.at(-1);
  expect(failed?.executionFailedEventDetails).toEqual({ error: 'Bad', cause: 'on purpose' });
});
