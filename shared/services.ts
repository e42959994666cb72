/** What every function works with, made once at module load from its environment. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { apiKeyFromSecret } from './api-key.ts';
import { type Config, parseConfig } from './config.ts';
import { logger } from './logger.ts';
import { createVirusTotalClient, type VirusTotalClient } from './virustotal/client.ts';

/** The configuration and the one client that every upstream request goes through. */
export interface Services {
  readonly config: Config;
  readonly virusTotal: VirusTotalClient;
}

/**
 * Makes the services of a function.
 *
 * @param environment - usually `process.env`
 * @throws Error that lists every bad variable
 */
export function createServices(
  environment: Readonly<Record<string, string | undefined>>,
): Services {
  const config = parseConfig(environment);
  const apiKey = apiKeyFromSecret({
    secretArn: config.apiKeySecretArn,
    client: new SecretsManagerClient({}),
  });
  const virusTotal = createVirusTotalClient({
    serverUrl: config.serverUrl,
    verifyTls: config.verifySsl,
    apiKey,
    onRetry: (retry) => logger.warn('upstream request is tried again', { retry }),
  });
  return { config, virusTotal };
}
