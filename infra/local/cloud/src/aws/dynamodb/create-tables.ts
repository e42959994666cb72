/** Brings the tables of the template into being; those that a directory holds already are kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord, ownField } from '../../events/json.ts';
import type { Engine } from './engine.ts';
import type { LocalTable } from './table-definition.ts';

/** The engine makes a table active in a moment. */
const POLL_MS = 2;
const MAX_POLLS = 2000;

/**
 * Creates a table, unless it is there.
 *
 * @throws Error when it is there with other keys or indexes, or cannot be created
 */
export async function createTable(
  engine: Engine,
  { name, createInput }: LocalTable,
): Promise<void> {
  const { status, body } = await engine.call('CreateTable', structuredClone(createInput));
  const isThere = String(ownField(body, '__type')).endsWith('#ResourceInUseException');
  if (status !== 200 && !isThere) {
    throw new Error(`Table ${name} cannot be created: ${JSON.stringify(body)}`);
  }
  const table = await activeTable(engine, name);
  if (isThere && shapeOf(table) !== shapeOf(createInput)) {
    throw new Error(
      `Table ${name} is kept from an earlier run with other keys or indexes. Remove its directory to start afresh.`,
    );
  }
}

async function activeTable(engine: Engine, name: string): Promise<unknown> {
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    const { body } = await engine.call('DescribeTable', { TableName: name });
    const table = ownField(body, 'Table');
    if (ownField(table, 'TableStatus') === 'ACTIVE') return table;
    await sleep(POLL_MS);
  }
  throw new Error(`Table ${name} does not become active.`);
}

/** Keys of a table and of its indexes, in one order. */
function shapeOf(table: unknown): string {
  const indexes = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].flatMap((kind) => {
    const list = ownField(table, kind);
    return Array.isArray(list) ? list.filter(isRecord) : [];
  });
  const shapes = indexes.map(({ IndexName, KeySchema }) => [String(IndexName), keysOf(KeySchema)]);
  return JSON.stringify([keysOf(ownField(table, 'KeySchema')), shapes.toSorted()]);
}

function keysOf(schema: unknown): readonly string[] {
  const elements = Array.isArray(schema) ? schema.filter(isRecord) : [];
  return elements.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`);
}
