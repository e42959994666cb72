import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { openDynamoDb } from '../../../src/aws/dynamodb/dynamodb.ts';
import { post } from '../serve.ts';
import { ARN, receipts, start } from './harness.ts';

it('creates the tables of the template', async () => {
  const { client, recorder } = await start();
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'Receipts' }));
  expect(Table).toMatchObject({
    TableArn: `${ARN}/Receipts`,
    TableStatus: 'ACTIVE',
    KeySchema: receipts.KeySchema,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    GlobalSecondaryIndexes: [{ IndexName: 'by-status', IndexStatus: 'ACTIVE' }],
  });
  const { TimeToLiveDescription } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: 'Receipts' }),
  );
  expect(TimeToLiveDescription).toEqual({
    TimeToLiveStatus: 'ENABLED',
    AttributeName: 'expires',
  });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['Receipts']);
  expect(recorder.take()).toEqual([
    `dynamodb:DescribeTable ${ARN}/Receipts 200`,
    `dynamodb:DescribeTimeToLive ${ARN}/Receipts 200`,
    'dynamodb:ListTables * 200',
  ]);
});

it('queries tables and indexes in order, and records them', async () => {
  const { client, put, recorder } = await start();
  for (const sk of [10, 9, -1, 100]) await put(sk, { status: { S: sk > 9 ? 'done' : 'open' } });
  recorder.take();
  const query = async (input: { IndexName?: string }, name: string, value: string) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: 'Receipts',
        KeyConditionExpression: '#name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': { S: value } },
        ...input,
      }),
    );
    return Items.map(({ sk }) => Number(sk?.N));
  };
  expect(await query({}, 'pk', 'a')).toEqual([-1, 9, 10, 100]);
  expect(await query({ IndexName: 'by-status' }, 'status', 'open')).toEqual([-1, 9]);
  expect(recorder.take()).toEqual([
    `dynamodb:Query ${ARN}/Receipts 200`,
    `dynamodb:Query ${ARN}/Receipts/index/by-status 200`,
  ]);
});

it('lets one of many claim an item, and returns the existing item to the others on request', async () => {
  const { put } = await start();
  const condition = {
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
  const claims = Array.from({ length: 20 }, (_, owner) =>
    put(1, { owner: { N: String(owner) } }, condition).then(
      () => ({ owner }),
      (error: unknown) => ({ error }),
    ),
  );
  const results = await Promise.all(claims);
  const winners = results.flatMap((result) => ('owner' in result ? [result.owner] : []));
  expect(winners).toHaveLength(1);
  const errors = results.flatMap((result) => ('error' in result ? [result.error] : []));
  const owner = { N: String(winners[0]) };
  for (const error of errors) {
    expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', Item: { owner } });
  }
  const { ReturnValuesOnConditionCheckFailure: _, ...withoutItem } = condition;
  const error = await put(1, {}, withoutItem).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(error).not.toHaveProperty('Item.owner');
});

it('returns the old item of failed updates and deletions too', async () => {
  const { client, put, get } = await start();
  await put(1, { owner: { S: 'x' } });
  const failing = {
    TableName: 'Receipts',
    Key: { pk: { S: 'a' }, sk: { N: '1' } },
    ConditionExpression: '#owner = :other',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':other': { S: 'y' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  const update = { ...failing, UpdateExpression: 'REMOVE #owner' };
  const item = { Item: { owner: { S: 'x' } } };
  await expect(client.send(new UpdateItemCommand(update))).rejects.toMatchObject(item);
  await expect(client.send(new DeleteItemCommand(failing))).rejects.toMatchObject(item);
  expect(await get(1)).toMatchObject(item.Item);
});

it('names the unsupported field or action that it refuses', async () => {
  const { client, served } = await start();
  const { recorder } = served;
  const input = JSON.stringify({ TableName: 'Receipts', Sorted: true });
  expect(await post(served, 'dynamodb', 'DynamoDB_20120810.Scan', input)).toMatchObject({
    status: 400,
    json: {
      __type: 'ValidationException',
      message: "The local run's DynamoDB does not support Sorted of Scan.",
    },
  });
  expect(await post(served, 'dynamodb', 'DynamoDB_20120810.Scan', '[]')).toMatchObject({
    json: { __type: 'SerializationException' },
  });
  const Key = { pk: { S: 'a' }, sk: { N: '1' } };
  const transaction = new TransactWriteItemsCommand({
    TransactItems: [{ Delete: { TableName: 'Receipts', Key } }],
  });
  await expect(client.send(transaction)).rejects.toThrow(
    'The local run does not serve dynamodb:TransactWriteItems.',
  );
  expect(recorder.take()).toEqual([
    `dynamodb:Scan ${ARN}/Receipts 400`,
    'dynamodb:Scan * 400',
    'dynamodb:TransactWriteItems * 501',
  ]);
});

it('returns the errors of the engine', async () => {
  const { client } = await start();
  await expect(client.send(new ScanCommand({ TableName: 'Other' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(
    client.send(new GetItemCommand({ TableName: 'Receipts', Key: { pk: { S: 'a' } } })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});

it('writes batches, and records their tables', async () => {
  const { client, recorder, get } = await start();
  const requests = [1, 2].map((sk) => ({
    PutRequest: { Item: { pk: { S: 'a' }, sk: { N: String(sk) } } },
  }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { Receipts: requests } }));
  expect(recorder.take()).toEqual([`dynamodb:BatchWriteItem ${ARN}/Receipts 200`]);
  expect(await get(2)).toBeDefined();
});

it('names the table and the property that it does not support', async () => {
  const properties = { ...receipts, StreamSpecification: { StreamViewType: 'NEW_IMAGE' } };
  const creating = openDynamoDb({ tables: [{ name: 'T', properties }], now: Date.now });
  await expect(creating).rejects.toThrow(
    'Table T cannot run here: StreamSpecification (not supported)',
  );
  const unused = { ...receipts, KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] };
  await expect(
    openDynamoDb({ tables: [{ name: 'Tab', properties: unused }], now: Date.now }),
  ).rejects.toThrow('Table Tab cannot be created');
});
