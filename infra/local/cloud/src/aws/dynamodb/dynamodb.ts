/** DynamoDB of the local run: dynalite behind the endpoint, the template's tables, and time to live. */
import type { Clock } from '../../clock.ts';
import { isRecord } from '../../events/json.ts';
import { answerJson } from '../json.ts';
import { notServed, readJsonCall } from '../json-service.ts';
import { AwsRefusal } from '../refusal.ts';
import type { AwsExchange, AwsService } from '../service.ts';
import { createTable } from './create-tables.ts';
import { ENGINE_ACTIONS, type Engine, openEngine } from './engine.ts';
import { deleteExpired } from './expiry.ts';
import { resourcesOf } from './resources.ts';
import { localTableOf, type TableDefinition } from './table-definition.ts';

export interface DynamoDbOptions {
  readonly tables: readonly TableDefinition[];
  readonly clock: Clock;
  /** Interval of the search for expired items, milliseconds on the clock. @default 60000 */
  readonly sweepEveryMs?: number;
}

/** The service, and a way to delete expired items at once. */
export interface DynamoDb extends AwsService {
  /** Deletes expired items now. @returns how many */
  sweep(): Promise<number>;
}

/**
 * Opens the database in memory and creates the tables.
 *
 * @throws Error that names a table which the local run does not support
 */
export async function openDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  const { clock, sweepEveryMs = 60_000 } = options;
  const tables = options.tables.map(localTableOf);
  const engine = await openEngine();
  for (const table of tables) await createTable(engine, table);
  const ttl = new Map(tables.map(({ name, ttlAttribute }) => [name, ttlAttribute]));
  const sweep = async () => {
    let deleted = 0;
    for (const [name, attribute] of ttl) {
      if (attribute) deleted += await deleteExpired(engine, name, attribute, clock.now());
    }
    return deleted;
  };
  const closing = new AbortController();
  const sweeping = sweepUntil(closing.signal, clock, sweepEveryMs, sweep);
  return {
    names: ['dynamodb'],
    handle: (exchange) => handle(engine, ttl, exchange),
    sweep,
    async close() {
      closing.abort();
      await sweeping;
      await engine.close();
    },
  };
}

async function sweepUntil(
  signal: AbortSignal,
  clock: Clock,
  everyMs: number,
  sweep: () => Promise<number>,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => undefined);
    // A failing engine must not end the process; the next request reports the failure.
    if (!signal.aborted) await sweep().catch(() => undefined);
  }
}

/** The only action that the engine does not answer. */
const DESCRIBE_TTL = 'DescribeTimeToLive';

async function handle(
  engine: Engine,
  ttl: ReadonlyMap<string, string | undefined>,
  exchange: AwsExchange,
): Promise<void> {
  exchange.response.setHeader('content-type', 'application/x-amz-json-1.0');
  const { action, input } = await readJsonCall(exchange);
  exchange.note(`dynamodb:${action}`, resourcesOf(input));
  if (!isRecord(input)) throw new AwsRefusal('SerializationException', 'The body is no object.');
  if (action === DESCRIBE_TTL && typeof input.TableName === 'string' && ttl.has(input.TableName)) {
    answerJson(exchange.response, 200, describedTtl(ttl.get(input.TableName)));
    return;
  }
  if (!ENGINE_ACTIONS.includes(action)) {
    throw notServed('dynamodb', action, [...ENGINE_ACTIONS, DESCRIBE_TTL]);
  }
  const { status, body } = await engine.call(action, input);
  answerJson(exchange.response, status, body);
}

function describedTtl(attribute: string | undefined) {
  const status = attribute
    ? { TimeToLiveStatus: 'ENABLED', AttributeName: attribute }
    : { TimeToLiveStatus: 'DISABLED' };
  return { TimeToLiveDescription: status };
}
