/** DynamoDB on one machine: dynalite over loopback, and the SDK's client of it. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { TableClient } from '../../shared/aws/table/table-client.ts';

// dynalite has no types; of it only this is used.
const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)(
  'dynalite',
);

/** A table that serves. */
export interface Table {
  /** For `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly url: string;
  readonly client: TableClient;
  /** AWS's own client. */
  readonly sdk: DynamoDBClient;
  readonly tableName: string;
  /**
   * Breaks the connection of every request for an action, for example `PutItem`.
   *
   * @param after - how many are served before. @default 0
   * @param times - how many are broken off; the SDK sends a request up to 4 times. @default all that follow
   */
  breakOff(action: string, after?: number, times?: number): void;
  /** Forgets the quota's ledger, as if all that it waits for had passed. */
  forgetQuota(): Promise<void>;
  /** Cuts the bytes of an attribute in half. */
  damage(pk: string, attribute: string): Promise<void>;
  /** Ids of all items. */
  ids(): Promise<readonly string[]>;
  /** An item, as it is. */
  item(pk: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Ends it. */
  close(): void;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The environment of a client of a table on this machine. */
export function tableEnvironment(url: string, accessKeyId = 'test') {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
}

/** Starts a database with a table whose key is `pk`; it ends with the test. */
export async function startTable(tableName = 'state'): Promise<Table> {
  const table = await openTable(tableName);
  onTestFinished(() => table.close());
  return table;
}

/** Starts a database for the tests of a file, which close it. */
export async function openTable(tableName = 'state'): Promise<Table> {
  const server = dynalite({ createTableMs: 0 });
  const breaks = new Map<string, { after: number; times: number }>();
  const [serve] = server.listeners('request');
  server.removeAllListeners('request').on('request', (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const planned = breaks.get(action);
    if (planned) planned.after -= 1;
    const isBroken = planned && planned.after < 0 && planned.after >= -planned.times;
    if (isBroken) request.socket.destroy();
    else serve?.call(server, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const sdk = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials });
  await sdk.send(
    new CreateTableCommand({
      TableName: tableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists(
    { client: sdk, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 },
    { TableName: tableName },
  );
  return {
    url,
    client: new TableClient({ environment: tableEnvironment(url) }),
    sdk,
    tableName,
    breakOff(action, after = 0, times = Number.POSITIVE_INFINITY) {
      breaks.set(action, { after, times });
    },
    async forgetQuota() {
      const Key = { pk: { S: 'quota#door' } };
      await sdk.send(new DeleteItemCommand({ TableName: tableName, Key }));
    },
    async damage(pk, attribute) {
      const Key = { pk: { S: pk } };
      const { Item } = await sdk.send(new GetItemCommand({ TableName: tableName, Key }));
      const bytes = Item?.[attribute]?.B;
      if (!bytes) throw new Error(`${pk} has no bytes ${attribute}`);
      const half = { ...Item, [attribute]: { B: bytes.subarray(0, bytes.length / 2) } };
      await sdk.send(new PutItemCommand({ TableName: tableName, Item: half }));
    },
    async ids() {
      const { Items = [] } = await sdk.send(new ScanCommand({ TableName: tableName }));
      return Items.map((item) => item.pk?.S ?? '');
    },
    async item(pk) {
      const { Item } = await sdk.send(
        new GetItemCommand({ TableName: tableName, Key: { pk: { S: pk } }, ConsistentRead: true }),
      );
      return Item;
    },
    close() {
      sdk.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
