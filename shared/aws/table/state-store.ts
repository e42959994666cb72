/** Requests to the DynamoDB table that claims, records and the quota share. */
import { UpstreamUnavailableError } from '../../errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { translateAwsError } from '../aws-errors.ts';
import {
  type Attributes,
  isItem,
  numberAttribute,
  stringAttribute,
  valueAt,
} from './attributes.ts';
import type { TableAction, TableClient } from './table-client.ts';
import { isConditionFailure } from './table-errors.ts';

/** A condition or an update, with the values and names that it uses. */
export interface Expression {
  readonly text: string;
  readonly values: Attributes;
  /** Attributes by their placeholders (`#day`), for those whose names DynamoDB reserves. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Where items are kept. */
export interface StateStoreOptions {
  readonly client: TableClient;
  /** Name of a table with the string `pk` as its key and `expiresAt` as its time to live. */
  readonly tableName: string;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Longest wait for one answer, retries included, milliseconds. */
const MAX_ANSWER_MS = 10_000;

/** Most requests for items that DynamoDB has not read in the first one. */
const MAX_BATCHES = 5;

/**
 * The table. Writes return whether their condition held.
 *
 * @throws UpstreamUnavailableError, UpstreamTimeoutError (from every request)
 */
export class StateStore {
  readonly #client: TableClient;
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
    return this.#write('PutItem', { Item: item, ...parameters(condition) }, limits);
  }

  /** Changes attributes of an item. */
  update(id: string, change: Expression, condition: Expression, limits: Limits): Promise<boolean> {
    const input = {
      ...keyOf(id),
      UpdateExpression: change.text,
      ...parameters(condition, change),
    };
    return this.#write('UpdateItem', input, limits);
  }

  /** Deletes an item. */
  remove(id: string, condition: Expression, limits: Limits): Promise<boolean> {
    return this.#write('DeleteItem', { ...keyOf(id), ...parameters(condition) }, limits);
  }

  /** Adds 1 to a number of an item, which may be absent. @returns the new number */
  async increment(id: string, attribute: string, limits: Limits): Promise<number> {
    const output = await this.#send('UpdateItem', 'write the state table', limits, {
      ...keyOf(id),
      UpdateExpression: 'ADD #counter :one',
      ExpressionAttributeNames: { '#counter': attribute },
      ExpressionAttributeValues: { ':one': numberAttribute(1) },
      ReturnValues: 'UPDATED_NEW',
    });
    return Number(valueAt(output, 'Attributes', attribute, 'N'));
  }

  /** Reads an item as it is now. */
  async get(id: string, limits: Limits): Promise<Attributes | null> {
    const input = { ...keyOf(id), ConsistentRead: true };
    const output = await this.#send('GetItem', 'read the state table', limits, input);
    const item = valueAt(output, 'Item');
    return isItem(item) ? item : null;
  }

  /** Reads items as they are now. @returns those that exist, by id */
  async getAll(ids: readonly string[], limits: Limits): Promise<ReadonlyMap<string, Attributes>> {
    const found = new Map<string, Attributes>();
    let keys: unknown = ids.map((id) => keyOf(id).Key);
    for (let batches = 0; Array.isArray(keys) && keys.length > 0; batches += 1) {
      if (batches === MAX_BATCHES) throw unread();
      const input = { RequestItems: { [this.#tableName]: { Keys: keys, ConsistentRead: true } } };
      const output = await this.#send('BatchGetItem', 'read the state table', limits, input);
      const items = valueAt(output, 'Responses', this.#tableName);
      for (const item of Array.isArray(items) ? items.filter(isItem) : []) {
        found.set(item.pk?.S ?? '', item);
      }
      keys = valueAt(output, 'UnprocessedKeys', this.#tableName, 'Keys');
    }
    return found;
  }

  async #write(action: TableAction, input: object, limits: Limits): Promise<boolean> {
    try {
      await this.#send(action, 'write the state table', limits, input);
      return true;
    } catch (error) {
      if (error instanceof Error && isConditionFailure(error.cause)) return false;
      throw error;
    }
  }

  async #send(
    action: TableAction,
    purpose: string,
    limits: Limits,
    input: object,
  ): Promise<object> {
    const deadline = Math.min(limits.deadline, this.now() + MAX_ANSWER_MS);
    const abortSignal = signalFor({ ...limits, deadline }, this.now);
    const table = action === 'BatchGetItem' ? {} : { TableName: this.#tableName };
    return this.#client
      .send(action, { ...table, ...input }, abortSignal)
      .catch((error: unknown) => {
        throw translateAwsError(error, purpose, abortSignal);
      });
  }
}

function keyOf(id: string) {
  return { Key: { pk: stringAttribute(id) } };
}

/** The parameters of a condition, and of a change that goes with it. */
function parameters(condition: Expression, change?: Expression): object {
  const names = { ...condition.names, ...change?.names };
  const values = { ...condition.values, ...change?.values };
  // DynamoDB refuses empty ones.
  return {
    ConditionExpression: condition.text,
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** DynamoDB is throttled for longer than its items are worth waiting for. */
function unread(): UpstreamUnavailableError {
  return new UpstreamUnavailableError(
    `could not read the state table: DynamoDB has left items unread ${MAX_BATCHES} times; try again`,
  );
}
