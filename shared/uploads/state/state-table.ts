/** The state table's requests, as claims and records need them. */
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Limits, signalFor } from '../../limits.ts';
import { isConditionFailure, translateStateError } from './state-errors.ts';

/** Attribute values. */
export type Values = Readonly<Record<string, AttributeValue>>;
/** Which item, and by which attempt. */
export interface Holding {
  readonly id: string;
  readonly holder: string;
}

/** Longest wait for one answer, the SDK's repetitions included, milliseconds. */
const MAX_ANSWER_MS = 10_000;

/** The requests to the table; a write says whether its condition held. */
export function openTable(client: DynamoDBClient, TableName: string, now: () => number) {
  const isHolder = 'holder = :is AND attribute_not_exists(receipt)';
  const signalOf = (limits: Limits) =>
    signalFor({ ...limits, deadline: Math.min(limits.deadline, now() + MAX_ANSWER_MS) }, now);
  const whether = async (write: (abortSignal: AbortSignal) => Promise<unknown>, limits: Limits) => {
    const abortSignal = signalOf(limits);
    try {
      await write(abortSignal);
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw translateStateError(error, abortSignal);
    }
  };
  const keyOf = (id: string) => ({ TableName, Key: { pk: text(id) } });
  return {
    put: (Item: Values, condition: string, values: Values, limits: Limits) =>
      whether((abortSignal) => {
        const input = {
          TableName,
          Item: { ...Item },
          ConditionExpression: condition,
          ExpressionAttributeValues: { ...values },
        };
        return client.send(new PutItemCommand(input), { abortSignal });
      }, limits),
    update: ({ id, holder }: Holding, change: string, values: Values, limits: Limits) =>
      whether((abortSignal) => {
        const input = {
          ...keyOf(id),
          UpdateExpression: change,
          ConditionExpression: isHolder,
          ExpressionAttributeValues: { ...values, ':is': text(holder) },
        };
        return client.send(new UpdateItemCommand(input), { abortSignal });
      }, limits),
    /** Whoever holds it. */
    updateIf: (id: string, condition: string, change: string, values: Values, limits: Limits) =>
      whether((abortSignal) => {
        const input = {
          ...keyOf(id),
          UpdateExpression: change,
          ConditionExpression: condition,
          ExpressionAttributeValues: { ...values },
        };
        return client.send(new UpdateItemCommand(input), { abortSignal });
      }, limits),
    remove: ({ id, holder }: Holding, limits: Limits) =>
      whether((abortSignal) => {
        const input = {
          ...keyOf(id),
          ConditionExpression: isHolder,
          ExpressionAttributeValues: { ':is': text(holder) },
        };
        return client.send(new DeleteItemCommand(input), { abortSignal });
      }, limits),
    async get(id: string, limits: Limits): Promise<Values | null> {
      const abortSignal = signalOf(limits);
      const input = { ...keyOf(id), ConsistentRead: true };
      const { Item } = await client
        .send(new GetItemCommand(input), { abortSignal })
        .catch((error: unknown) => {
          throw translateStateError(error, abortSignal);
        });
      return Item ?? null;
    },
  };
}

/** A text as an attribute. */
export const text = (S: string) => ({ S });

/** A number as an attribute. */
export const number = (value: number) => ({ N: String(value) });
