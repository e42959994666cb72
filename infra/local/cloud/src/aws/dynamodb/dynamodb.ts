/** DynamoDB of the local run: dynalite behind the endpoint, the template's tables, and time to live. */
import { isRecord } from '../../json.ts';
import { answerJson } from '../http/json.ts';
import { notServed, readJsonCall } from '../http/json-service.ts';
import { AwsRefusal } from '../http/refusal.ts';
import type { AwsExchange, AwsService } from '../http/service.ts';
import { createTable } from './create-tables.ts';
import { ENGINE_ACTIONS, type Engine, openEngine } from './engine.ts';
import { deleteExpired } from './expiry.ts';
import { resourcesOf } from './resources.ts';
import { localTableOf, type TableDefinition } from './table-definition.ts';

export interface DynamoDbOptions {
  readonly tables: readonly TableDefinition[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Minimum time between two searches for expired items, milliseconds. */
const SWEEP_INTERVAL_MS = 60_000;

/**
 * Opens the database in memory and creates the tables. Deletes expired items before a request, not with
 * a timer, so that an idle database does nothing.
 *
 * @throws Error that names a table which the local run does not support
 */
export async function openDynamoDb(options: DynamoDbOptions): Promise<AwsService> {
  const tables = options.tables.map(localTableOf);
  const engine = await openEngine();
  for (const table of tables) await createTable(engine, table);
  const ttl = new Map(tables.map(({ name, ttlAttribute }) => [name, ttlAttribute]));
  const sweepIfDue = createSweep(engine, ttl, options.now);
  return {
    names: ['dynamodb'],
    async handle(exchange) {
      await sweepIfDue();
      await handle(engine, ttl, exchange);
    },
    close: () => engine.close(),
  };
}

/** Creates a function that deletes expired items, unless it has done so a short time ago. */
function createSweep(
  engine: Engine,
  ttl: ReadonlyMap<string, string | undefined>,
  now: () => number,
): () => Promise<void> {
  let nextSweepAt = now() + SWEEP_INTERVAL_MS;
  return async () => {
    const sweptAt = now();
    if (sweptAt < nextSweepAt) return;
    nextSweepAt = sweptAt + SWEEP_INTERVAL_MS;
    for (const [name, attribute] of ttl) {
      if (attribute) await deleteExpired(engine, name, attribute, sweptAt);
    }
  };
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
