/** The local DynamoDB with one table, for tests. */
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { openDynamoDb } from '../../../src/aws/dynamodb/dynamodb.ts';
import { serve } from '../serve.ts';

/** ARN of a table, without its name. */
export const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table';
/** Time at the start, epoch seconds. */
export const NOW_S = 1_795_521_600;

/** Properties as CDK's `TableV2` writes them. */
export const receipts = {
  TableName: 'Receipts',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
    { AttributeName: 'status', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-status',
      KeySchema: [
        { AttributeName: 'status', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  SSESpecification: { SSEEnabled: true },
  Replicas: [{ Region: 'us-east-1', PointInTimeRecoverySpecification: {} }],
};

/** Starts the database with the table `Receipts`; `time.nowMs` is its clock. */
export async function start() {
  const time = { nowMs: NOW_S * 1000 };
  const service = await openDynamoDb({
    tables: [{ name: 'Receipts', properties: receipts }],
    now: () => time.nowMs,
  });
  const served = await serve(service);
  const client = new DynamoDBClient(served.options);
  onTestFinished(() => client.destroy());
  const put = (sk: number, more: PutItemCommandInput['Item'] = {}, input = {}) =>
    client.send(
      new PutItemCommand({
        TableName: 'Receipts',
        Item: { pk: { S: 'a' }, sk: { N: String(sk) }, ...more },
        ...input,
      }),
    );
  const get = async (sk: number) => {
    const Key = { pk: { S: 'a' }, sk: { N: String(sk) } };
    return (await client.send(new GetItemCommand({ TableName: 'Receipts', Key }))).Item;
  };
  return { time, served, client, put, get, recorder: served.recorder };
}
