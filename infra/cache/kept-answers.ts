/** What the state table keeps of VirusTotal's answers. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Attributes } from '../../shared/aws/table/attributes.ts';
import { decodeAnswer } from '../../shared/cache/body.ts';
import { readEntry } from '../../shared/cache/cache-table.ts';
import type { Entry } from '../../shared/cache/entry.ts';
import { reportKey } from '../../shared/cache/report-key.ts';
import type { Question } from '../../shared/virustotal/question.ts';
import { answerSchemasVersion } from '../bundle/schema-version.ts';

/** The state table of a stack. */
export interface DeployedTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** An item of the cache. */
export interface KeptItem {
  readonly id: string;
  readonly question: Question;
  readonly entry: Entry;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** Of all ids of the cache: the version of the schemas. */
const VERSION = /^report#[^#]*/;

/**
 * Finds the items of questions.
 *
 * @param isThorough - also finds those of a stack whose schemas have another version; reads the whole table
 */
export async function findItems(
  table: DeployedTable,
  questions: readonly Question[],
  isThorough: boolean,
): Promise<KeptItem[]> {
  const byId = new Map(
    questions.map((question) => [reportKey(answerSchemasVersion(), question), question]),
  );
  const byRest = new Map([...byId].map(([id, question]) => [id.replace(VERSION, ''), question]));
  const current = await getAll(table, [...byId.keys()]);
  const items = isThorough ? [...current, ...(await scan(table))] : current;
  const distinct = new Map(items.map((item) => [item.pk?.S ?? '', item]));
  return [...distinct].flatMap(([id, item]) => {
    const question = byRest.get(id.replace(VERSION, ''));
    return question ? [{ id, question, entry: readEntry(attributesOf(item)) }] : [];
  });
}

async function getAll({ client, tableName }: DeployedTable, ids: readonly string[]) {
  const Keys = ids.map((S) => ({ pk: { S } }));
  const { Responses } = await client.send(
    new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
  );
  return Responses?.[tableName] ?? [];
}

async function scan({ client, tableName }: DeployedTable): Promise<Item[]> {
  const items: Item[] = [];
  const input = {
    TableName: tableName,
    FilterExpression: 'begins_with(pk, :report)',
    ExpressionAttributeValues: { ':report': { S: 'report#' } },
  };
  for await (const page of paginateScan({ client }, input)) items.push(...(page.Items ?? []));
  return items;
}

/** What is cleared of an item that notes a submission: without the note, an older report would be kept again. */
const OF_ANSWERS = 'body, askedAt, goodUntil, analysedAt, askedFor, holder, leaseUntil';

/** Clears the answers of items. */
export async function clearAnswers(
  { client, tableName }: DeployedTable,
  items: readonly KeptItem[],
): Promise<void> {
  for (const { id, entry } of items) {
    const item = { TableName: tableName, Key: { pk: { S: id } } };
    const command = entry.submission
      ? new UpdateItemCommand({ ...item, UpdateExpression: `REMOVE ${OF_ANSWERS}` })
      : new DeleteItemCommand(item);
    await client.send(command);
  }
}

/** Returns an answer; null without one, or if it is damaged. */
export function answerOf({ entry: { answer } }: Pick<KeptItem, 'entry'>): unknown {
  try {
    return answer && decodeAnswer(answer.body);
  } catch {
    return null;
  }
}

/** The SDK returns bytes as such. */
function attributesOf(item: Item): Attributes {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N, B }]) => [
      name,
      {
        ...(S !== undefined && { S }),
        ...(N !== undefined && { N }),
        ...(B !== undefined && { B: Buffer.from(B).toString('base64') }),
      },
    ]),
  );
}
