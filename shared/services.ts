/** Opens the VirusTotal client of a function, once at module load. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { apiKeyFromSecret } from './aws/api-key.ts';
import { awsClientDefaults } from './aws/client-defaults.ts';
import { StateStore } from './aws/table/state-store.ts';
import { TableClient } from './aws/table/table-client.ts';
import { CacheTable } from './cache/cache-table.ts';
import { ReportCache } from './cache/report-cache.ts';
import { schemaVersion } from './cache/schema-version.ts';
import { upstreamVariables } from './config.ts';
import { count } from './counts.ts';
import { type Environment, parseEnvironment } from './environment.ts';
import { Ledger } from './ledger/ledger.ts';
import { budgetOptions } from './ledger/quota-reader.ts';
import { QuotaTable } from './ledger/quota-table.ts';
import { logger, logMetrics } from './logger.ts';
import { describeChange, quotaMetrics } from './quota/change.ts';
import { createVirusTotalClient, type VirusTotalClient } from './virustotal/client.ts';

/** Parsed variables of a function that calls VirusTotal. */
export type UpstreamConfig = z.infer<z.ZodMiniObject<typeof upstreamVariables>>;

/** Longest answer of VirusTotal for each MiB of the function's memory, bytes: 3 MiB for 256 MiB. */
const ANSWER_BYTES_PER_MIB = 12 * 1024;

/** How long a cold start waits for API key and ledger, milliseconds; on a timeout the first invocation reads them. */
const PREFETCH_MS = 3_000;

/**
 * Opens the client that every request to VirusTotal goes through, reads the API key, and connects to the state
 * table: a cold start has more CPU than an invocation, which then calls VirusTotal sooner.
 *
 * @param config - parsed with the function's own variables, if it has any
 * @throws Error that lists every bad variable
 */
export async function openVirusTotal(
  environment: Environment,
  config: UpstreamConfig = parseEnvironment(upstreamVariables, environment),
): Promise<VirusTotalClient> {
  const apiKey = apiKeyFromSecret({
    secretArn: config.VIRUSTOTAL_API_KEY_SECRET_ARN,
    client: new SecretsManagerClient(awsClientDefaults('SECRETS_MANAGER', environment)),
  });
  const client = new TableClient({ environment });
  const store = new StateStore({ client, tableName: config.STATE_TABLE });
  const table = new QuotaTable(store);
  const memoryMiB = Number(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 256);
  const virusTotal = createVirusTotalClient({
    serverUrl: config.VIRUSTOTAL_SERVER_URL,
    verifyTls: config.VIRUSTOTAL_VERIFY_SSL,
    maxAnswerBytes: memoryMiB * ANSWER_BYTES_PER_MIB,
    apiKey,
    gate: openLedger(config, client, table),
    cache: openCache(config, store, client),
    userId: config.VIRUSTOTAL_USER_ID,
    onRetry: (retry) => logger.warn('retrying upstream request', { retry }),
  });
  const deadline = Date.now() + PREFETCH_MS;
  await Promise.all([
    // A failure is not cached: the first invocation that needs the key meets it and reports it.
    apiKey.get(deadline).catch(() => undefined),
    // Only opens the connection and compiles the client: the first request reads the ledger again.
    table.read(null, client.now(), { deadline }).catch(() => undefined),
  ]);
  return virusTotal;
}

/** Opens the quota's ledger. */
function openLedger(config: UpstreamConfig, client: TableClient, table: QuotaTable): Ledger {
  return new Ledger({
    table,
    ...budgetOptions(config),
    now: () => client.now(),
    stopwatch: () => Number(process.hrtime.bigint()) / 1e6,
    random: Math.random,
    onTrouble: (action, error) => logger.warn('quota ledger unavailable', { action, error }),
    onChange: (change) =>
      logMetrics(quotaMetrics(change, client.now()), config.STACK_NAME, 'quota changed', {
        quota: describeChange(change),
      }),
  });
}

const HOUR_MS = 3_600_000;

/** Opens the cache of answers, if the operator wants one. */
function openCache(
  { VIRUSTOTAL_CACHE_HOURS: hours }: UpstreamConfig,
  store: StateStore,
  client: TableClient,
): ReportCache | undefined {
  if (hours === 0) return undefined;
  return new ReportCache({
    table: new CacheTable(store),
    version: schemaVersion,
    foundMs: hours * HOUR_MS,
    // Somebody may submit it at any time.
    unknownMs: HOUR_MS,
    now: () => client.now(),
    count,
    onTrouble: (action, error) => logger.warn('cache unavailable', { action, error }),
  });
}
