/** Requests to the DynamoDB table that claims and records share. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { translateAwsError } from '../../aws/aws-errors.ts';
import { type Limits, signalFor } from '../../limits.ts';

/** Attributes of an item, or values of an expression. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A condition or an update, with the values that it names. */
export interface Expression {
  readonly text: string;
  readonly values: Attributes;
}

/** Where items are kept. */
export interface StateStoreOptions {
  readonly client: DynamoDBClient;
  /** Name of a table with the string `pk` as its key and `expiresAt` as its time to live. */
  readonly tableName: string;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Longest wait for one answer, the SDK's retries included, milliseconds. */
const MAX_ANSWER_MS = 10_000;

/**
 * The table. Writes return whether their condition held.
 *
 * @throws UpstreamUnavailableError, UpstreamTimeoutError (from every request)
 */
export class StateStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;

  constructor({ client, tableName, now = Date.now }: StateStoreOptions) {
    this.#client = client;
    this.#tableName = tableName;
    this.now = now;
  }

  /** Replaces an item, or adds it. */
  put(item: Attributes, condition: Expression, limits: Limits): Promise<boolean> {
    const command = new PutItemCommand({
      TableName: this.#tableName,
      Item: { ...item },
      ConditionExpression: condition.text,
      ExpressionAttributeValues: { ...condition.values },
    });
    return this.#write((abortSignal) => this.#client.send(command, { abortSignal }), limits);
  }

  /** Changes attributes of an item. */
  update(id: string, change: Expression, condition: Expression, limits: Limits): Promise<boolean> {
    const command = new UpdateItemCommand({
      ...this.#keyOf(id),
      UpdateExpression: change.text,
      ConditionExpression: condition.text,
      ExpressionAttributeValues: { ...condition.values, ...change.values },
    });
    return this.#write((abortSignal) => this.#client.send(command, { abortSignal }), limits);
  }

  /** Deletes an item. */
  remove(id: string, condition: Expression, limits: Limits): Promise<boolean> {
    const command = new DeleteItemCommand({
      ...this.#keyOf(id),
      ConditionExpression: condition.text,
      ExpressionAttributeValues: { ...condition.values },
    });
    return this.#write((abortSignal) => this.#client.send(command, { abortSignal }), limits);
  }

  /** Reads an item as it is now. */
  async get(id: string, limits: Limits): Promise<Attributes | null> {
    const abortSignal = this.#signalFor(limits);
    const command = new GetItemCommand({ ...this.#keyOf(id), ConsistentRead: true });
    const { Item } = await this.#client.send(command, { abortSignal }).catch((error: unknown) => {
      throw translateAwsError(error, 'read the state table', abortSignal);
    });
    return Item ?? null;
  }

  async #write(
    request: (abortSignal: AbortSignal) => Promise<unknown>,
    limits: Limits,
  ): Promise<boolean> {
    const abortSignal = this.#signalFor(limits);
    try {
      await request(abortSignal);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw translateAwsError(error, 'write the state table', abortSignal);
    }
  }

  #signalFor(limits: Limits): AbortSignal {
    const deadline = Math.min(limits.deadline, this.now() + MAX_ANSWER_MS);
    return signalFor({ ...limits, deadline }, this.now);
  }

  #keyOf(id: string) {
    return { TableName: this.#tableName, Key: { pk: stringAttribute(id) } };
  }
}

/** A string as an attribute. */
export const stringAttribute = (S: string) => ({ S });

/** A number as an attribute. */
export const numberAttribute = (value: number) => ({ N: String(value) });

/** Converts strings to DynamoDB attributes. */
export function stringAttributes(strings: Readonly<Record<string, string>>): Attributes {
  return Object.fromEntries(
    Object.entries(strings).map(([name, value]) => [name, stringAttribute(value)]),
  );
}
