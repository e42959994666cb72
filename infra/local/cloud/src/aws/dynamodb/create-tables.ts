/** Creates the tables of the template. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ownField } from '../../json.ts';
import type { Engine } from './engine.ts';
import type { LocalTable } from './table-definition.ts';

/** The engine activates a table within milliseconds. */
const POLL_MS = 2;
const MAX_POLLS = 2000;

/** Creates a table and waits until it is active. @throws Error when the engine refuses it */
export async function createTable(
  engine: Engine,
  { name, createInput }: LocalTable,
): Promise<void> {
  const { status, body } = await engine.call('CreateTable', structuredClone(createInput));
  if (status !== 200) {
    throw new Error(`Table ${name} cannot be created: ${JSON.stringify(body)}`);
  }
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    const { body } = await engine.call('DescribeTable', { TableName: name });
    if (ownField(ownField(body, 'Table'), 'TableStatus') === 'ACTIVE') return;
    await sleep(POLL_MS);
  }
  throw new Error(`Table ${name} is not active after ${POLL_MS * MAX_POLLS} ms.`);
}
