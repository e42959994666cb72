/** What every function works with, made once at module load from its environment. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { apiKeyFromSecret } from './aws/api-key.ts';
import { awsClientDefaults } from './aws/client-defaults.ts';
import { type Config, parseConfig } from './config.ts';
import { logger } from './logger.ts';
import { createVirusTotalClient, type VirusTotalClient } from './virustotal/client.ts';

/** The configuration and the one client that every upstream request goes through. */
export interface Services {
  readonly config: Config;
  readonly virusTotal: VirusTotalClient;
}

/** How long a start waits for the key, milliseconds; the first invocation asks again when that was too short. */
const PREFETCH_MS = 3_000;

/**
 * Makes the services of a function, and reads the API key: a function starts with more CPU than it may
 * have later, and an invocation then asks VirusTotal at once.
 *
 * @param environment - usually `process.env`
 * @throws Error that lists every bad variable
 */
export async function openServices(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Services> {
  const config = parseConfig(environment);
  const apiKey = apiKeyFromSecret({
    secretArn: config.apiKeySecretArn,
    client: new SecretsManagerClient(awsClientDefaults('SECRETS_MANAGER', environment)),
  });
  const virusTotal = createVirusTotalClient({
    serverUrl: config.serverUrl,
    verifyTls: config.verifySsl,
    apiKey,
    onRetry: (retry) => logger.warn('upstream request is tried again', { retry }),
  });
  // Nothing is kept of a failure: the first invocation that needs the key meets it, and names it.
  await apiKey.get(Date.now() + PREFETCH_MS).catch(() => undefined);
  return { config, virusTotal };
}
