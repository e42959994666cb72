/**
 * The DynamoDB engine: dynalite, called without its HTTP server. So the local run can create and sweep
 * tables directly, and a failure of the engine fails one request instead of the process.
 *
 * dynalite silently ignores unknown request fields; here they are refused. It also does not return the
 * old item of a failed condition; this file adds that.
 */
import { createRequire } from 'node:module';
import { isRecord } from '../../json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../types.ts';
import { AwsRefusal } from '../http/refusal.ts';

/** An answer in DynamoDB's format. */
export interface EngineAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly body: unknown;
}

export interface Engine {
  /**
   * Runs an action.
   *
   * @param action - one of `ENGINE_ACTIONS`
   * @param input - parsed from JSON
   * @throws AwsRefusal for a field that the engine would ignore
   */
  call(action: string, input: Readonly<Record<string, unknown>>): Promise<EngineAnswer>;
  /** Waits for the running actions, then closes the database. */
  close(): Promise<void>;
}

/** The supported actions. */
export const ENGINE_ACTIONS: readonly string[] = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
];

/** The parts of dynalite in use; it ships no types. */
interface Store {
  readonly db: { open(): Promise<void> };
  readonly tableDb: { awsAccountId: string; awsRegion: string };
  readonly lifecycleManager: { gracefulClose(): Promise<void> };
}
interface Database {
  create(options: Readonly<Record<string, unknown>>): Store;
  checkConditional(
    input: Readonly<Record<string, unknown>>,
    item: unknown,
  ): { readonly body: Record<string, unknown> } | null | undefined;
}
interface Validations {
  checkTypes(input: unknown, types: unknown): Readonly<Record<string, unknown>>;
  checkValidations(input: unknown, types: unknown, custom: unknown, store: Store): void;
}
interface Validation {
  readonly types: Record<string, unknown>;
  readonly custom?: unknown;
}
type Run = (store: Store, input: unknown, done: (error: unknown, body?: unknown) => void) => void;

const require = createRequire(import.meta.url);
const database: Database = require('dynalite/db');
const { checkTypes, checkValidations }: Validations = require('dynalite/validations');
const moduleOf = (action: string) => `${action.charAt(0).toLowerCase()}${action.slice(1)}`;

/** Option of conditional writes that dynalite does not support. */
const OLD_ITEM_OPTION = 'ReturnValuesOnConditionCheckFailure';
returnOldItems();

/** Opens a database in memory. */
export async function openEngine(): Promise<Engine> {
  const store = database.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  Object.assign(store.tableDb, { awsAccountId: LOCAL_ACCOUNT, awsRegion: LOCAL_REGION });
  await store.db.open();
  const running = new Set<Promise<EngineAnswer>>();
  return {
    async call(action, input) {
      const ended = run(store, action, input);
      running.add(ended);
      return ended.finally(() => running.delete(ended));
    },
    async close() {
      await Promise.allSettled(running);
      await store.lifecycleManager.gracefulClose();
    },
  };
}

async function run(
  store: Store,
  action: string,
  input: Readonly<Record<string, unknown>>,
): Promise<EngineAnswer> {
  const { types, custom }: Validation = require(`dynalite/validations/${moduleOf(action)}`);
  const act: Run = require(`dynalite/actions/${moduleOf(action)}`);
  refuseUnknown(action, input, types);
  try {
    const checked = checkTypes(input, types);
    checkValidations(checked, types, custom, store);
    const body = await new Promise((resolve, reject) => {
      act(store, checked, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return { status: 200, body };
  } catch (error) {
    if (isRecord(error) && typeof error.statusCode === 'number') {
      return { status: error.statusCode, body: error.body };
    }
    throw error;
  }
}

function refuseUnknown(
  action: string,
  input: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, unknown>>,
): void {
  const unknown = Object.keys(input).filter((name) => !Object.hasOwn(types, name));
  if (unknown.length === 0) return;
  const message = `The local run's DynamoDB does not support ${unknown.join(', ')} of ${action}.`;
  throw new AwsRefusal('ValidationException', message);
}

/** Adds `ReturnValuesOnConditionCheckFailure` to dynalite, within its lock on the item. */
function returnOldItems(): void {
  const option = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
  for (const action of ['putItem', 'updateItem', 'deleteItem']) {
    const { types }: Validation = require(`dynalite/validations/${action}`);
    types[OLD_ITEM_OPTION] = option;
  }
  const check = database.checkConditional;
  database.checkConditional = (input, item) => {
    const refusal = check(input, item);
    if (refusal && item && input[OLD_ITEM_OPTION] === 'ALL_OLD') refusal.body.Item = item;
    return refusal;
  };
}
