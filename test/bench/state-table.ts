/** Answers of DynamoDB that let every request go: a public key, no cell of which is taken. */
import { newDoor } from '../../shared/quota/door.ts';
import { quotaSettings } from '../../shared/quota/settings.ts';

const publicKey = { perMinute: 4, perDay: 500, perMonth: 15_500 };

/** Name of the table. */
export const STATE_TABLE = 'bench';

/**
 * Answers a request.
 *
 * @param target - its `x-amz-target`
 * @returns a body
 */
export function answerOfTable(target: string): string {
  if (!target.endsWith('.BatchGetItem')) return '{}';
  const door = Object.entries(newDoor(quotaSettings(publicKey, 0.25), Date.now())).map(
    ([name, value]) => [name, { N: String(value) }] as const,
  );
  const item = { pk: { S: 'quota#door' }, ...Object.fromEntries(door) };
  return JSON.stringify({ Responses: { [STATE_TABLE]: [item] }, UnprocessedKeys: {} });
}
