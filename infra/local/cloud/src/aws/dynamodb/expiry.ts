/** Time to live (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html): the engine has none. */
import { isRecord, ownField } from '../../events/json.ts';
import type { Engine } from './engine.ts';

/** Items that expired longer ago than this are kept, against times in the wrong unit. Seconds. */
const FIVE_YEARS_S = 5 * 365.25 * 86_400;

/**
 * Deletes the items whose time is past.
 *
 * @param attribute - holds epoch seconds; items in which it is no number are kept
 * @param nowMs - epoch milliseconds
 * @returns how many
 */
export async function deleteExpired(
  engine: Engine,
  tableName: string,
  attribute: string,
  nowMs: number,
): Promise<number> {
  const keyNames = await keyNamesOf(engine, tableName);
  let deleted = 0;
  for await (const item of expiredItems(engine, tableName, attribute, nowMs / 1000)) {
    const keys = Object.fromEntries(keyNames.map((name) => [name, item[name]]));
    const { status } = await engine.call('DeleteItem', {
      TableName: tableName,
      Key: keys,
      // An item that has been given more time since stays.
      ConditionExpression: '#ttl = :seen',
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: { ':seen': item[attribute] },
    });
    if (status === 200) deleted += 1;
  }
  return deleted;
}

async function keyNamesOf(engine: Engine, tableName: string): Promise<readonly string[]> {
  const { body } = await engine.call('DescribeTable', { TableName: tableName });
  const schema = ownField(ownField(body, 'Table'), 'KeySchema');
  const elements = Array.isArray(schema) ? schema.filter(isRecord) : [];
  return elements.map(({ AttributeName }) => String(AttributeName));
}

async function* expiredItems(engine: Engine, tableName: string, attribute: string, nowS: number) {
  let start: unknown;
  do {
    const { body } = await engine.call('Scan', {
      TableName: tableName,
      FilterExpression: 'attribute_type(#ttl, :number) AND #ttl < :now AND #ttl > :oldest',
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: {
        ':number': { S: 'N' },
        ':now': { N: String(nowS) },
        ':oldest': { N: String(nowS - FIVE_YEARS_S) },
      },
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const items = ownField(body, 'Items');
    if (Array.isArray(items)) yield* items.filter(isRecord);
    start = ownField(body, 'LastEvaluatedKey');
  } while (start !== undefined);
}
