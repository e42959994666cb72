import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { expect, it, onTestFinished } from 'vitest';
import { createEventBridge } from '../../src/aws/event-bridge.ts';
import { createClock } from '../../src/clock.ts';
import { createEventBus } from '../../src/events/event-bus.ts';
import { serve } from './serve.ts';

const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus';
const NOON = Date.UTC(2026, 10, 24, 12);

/** Serves a bus `own` that gives all events to a target, and the default bus. */
async function start() {
  const delivered: unknown[] = [];
  const bus = createEventBus({
    rules: [
      {
        name: 'all',
        arn: 'arn:aws:events:us-east-1:000000000000:rule/own/all',
        eventBusName: 'own',
        pattern: { account: ['000000000000'] },
        targets: [{ arn: 'arn:aws:lambda:us-east-1:000000000000:function:f' }],
      },
    ],
    clock: createClock(),
    recorder: { record: () => undefined },
    deliver: async (_, payload) => {
      delivered.push(JSON.parse(payload));
    },
    onDeadLetter: () => undefined,
  });
  onTestFinished(() => bus.close());
  const { options, recorder } = await serve(createEventBridge(bus, () => NOON));
  const client = new EventBridgeClient(options);
  const put = (...Entries: PutEventsRequestEntry[]) =>
    client.send(new PutEventsCommand({ Entries }));
  return { bus, client, put, delivered, recorder };
}

const entry: PutEventsRequestEntry = {
  Source: 'test',
  DetailType: 'Something',
  Detail: '{"a":1}',
  EventBusName: 'own',
};

it('puts events on the bus that is named', async () => {
  const { bus, put, delivered, recorder } = await start();
  const { Entries, FailedEntryCount } = await put(
    { ...entry, Resources: ['r'], Time: new Date(1000) },
    { ...entry, EventBusName: `${BUS}/own` },
    { ...entry, EventBusName: undefined },
  );
  await bus.idle();
  expect(FailedEntryCount).toBe(0);
  expect(Entries).toHaveLength(3);
  expect(delivered).toEqual([
    {
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'Something',
      source: 'test',
      account: '000000000000',
      time: '1970-01-01T00:00:01Z',
      region: 'us-east-1',
      resources: ['r'],
      detail: { a: 1 },
    },
    expect.objectContaining({ id: Entries?.[1]?.EventId, time: '2026-11-24T12:00:00Z' }),
  ]);
  expect(recorder.take()).toEqual([`events:PutEvents ${BUS}/own ${BUS}/default 200`]);
});

it('takes the entries that are right, and says of each other what is wrong', async () => {
  const { bus, put, delivered } = await start();
  const { FailedEntryCount, Entries } = await put(
    entry,
    { ...entry, Source: undefined },
    { ...entry, DetailType: '' },
    { ...entry, Detail: undefined },
    { ...entry, Detail: '{' },
    { ...entry, Detail: '[]' },
    { ...entry, Source: 'aws.s3' },
    { ...entry, EventBusName: 'other' },
  );
  await bus.idle();
  expect(FailedEntryCount).toBe(7);
  expect(Entries?.map(({ EventId, ErrorCode }) => ErrorCode ?? typeof EventId)).toEqual([
    'string',
    'InvalidArgument',
    'InvalidArgument',
    'InvalidArgument',
    'MalformedDetail',
    'MalformedDetail',
    'NotAuthorizedForSourceException',
    'ResourceNotFoundException',
  ]);
  expect(Entries?.[1]?.ErrorMessage).toBe(
    'Parameter Source is not valid. Reason: Source is a required argument.',
  );
  expect(delivered).toHaveLength(1);
});

it('takes at most ten entries, and 256 KB', async () => {
  const { bus, put, delivered } = await start();
  await put(...Array(10).fill(entry));
  await expect(put(...Array(11).fill(entry))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  const filler = 256 * 1024 - 'testSomething{"a":""}'.length;
  const sized = (length: number) => ({ ...entry, Detail: `{"a":"${'x'.repeat(length)}"}` });
  await put(sized(filler));
  await expect(put(sized(filler + 1))).rejects.toThrow('over the limit');
  await bus.idle();
  expect(delivered).toHaveLength(11);
});

it('names the unsupported action in the error', async () => {
  const { client } = await start();
  await expect(client.send(new ListRulesCommand({}))).rejects.toThrow(
    'The local run does not serve events:ListRules. Served here: PutEvents.',
  );
});
