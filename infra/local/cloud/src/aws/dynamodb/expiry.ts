/** Time to live, which the engine lacks (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html). */
import { isRecord, ownField } from '../../json.ts';
import type { Engine } from './engine.ts';

/** DynamoDB keeps items that expired longer ago than this, in case the unit is wrong. Seconds. */
const FIVE_YEARS_S = 5 * 365.25 * 86_400;

/**
 * Deletes expired items.
 *
 * @param attribute - holds epoch seconds; items where it is not a number are kept
 * @param nowMs - epoch milliseconds
 */
export async function deleteExpired(
  engine: Engine,
  tableName: string,
  attribute: string,
  nowMs: number,
): Promise<void> {
  const keyNames = await keyNamesOf(engine, tableName);
  for await (const item of expiredItems(engine, tableName, attribute, nowMs / 1000)) {
    const keys = Object.fromEntries(keyNames.map((name) => [name, item[name]]));
    await engine.call('DeleteItem', {
      TableName: tableName,
      Key: keys,
      // Keep the item if its expiry was extended after the scan.
      ConditionExpression: '#ttl = :seen',
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: { ':seen': item[attribute] },
    });
  }
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
