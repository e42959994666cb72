import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsClientDefaults } from '../../../shared/aws/client-defaults.ts';

const directory = mkdtempSync(join(tmpdir(), 'virustotal-connector-aws-'));
let files = 0;
let configFile = '';

type Clients =
  | typeof SecretsManagerClient
  | typeof S3Client
  | typeof DynamoDBClient
  | typeof EventBridgeClient
  | typeof SQSClient
  | typeof SFNClient;

/** What a client settles on. */
async function settled(settings: object, Client: Clients = SecretsManagerClient) {
  const { config } = new Client({ region: 'us-east-1', ...settings });
  return {
    maxAttempts: await config.maxAttempts(),
    retryMode: await (typeof config.retryMode === 'function'
      ? config.retryMode()
      : config.retryMode),
    defaultsMode: await (typeof config.defaultsMode === 'function'
      ? config.defaultsMode()
      : config.defaultsMode),
    useFipsEndpoint: await config.useFipsEndpoint(),
    useDualstackEndpoint: await config.useDualstackEndpoint(),
    appId: await config.userAgentAppId(),
  };
}

beforeEach(() => {
  for (const name of Object.keys(process.env).filter((key) => key.startsWith('AWS_'))) {
    vi.stubEnv(name, undefined);
  }
  // The SDK reads a file once.
  files += 1;
  configFile = join(directory, `config-${files}`);
  vi.stubEnv('AWS_CONFIG_FILE', configFile);
  return () => vi.unstubAllEnvs();
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('awsClientDefaults', () => {
  test.each([
    ['SECRETS_MANAGER', SecretsManagerClient],
    ['S3', S3Client],
    ['DYNAMODB', DynamoDBClient],
    ['EVENTBRIDGE', EventBridgeClient],
    ['SQS', SQSClient],
    ['SFN', SFNClient],
  ] as const)("are the SDK's own for %s", async (service, Client) => {
    writeFileSync(configFile, '');
    const { endpoint, ...given } = awsClientDefaults(service, {});
    expect(endpoint).toBeUndefined();
    expect(await settled(given, Client)).toEqual(await settled({}, Client));
  });

  test('keep a client from looking into files', async () => {
    writeFileSync(
      configFile,
      '[default]\nmax_attempts = 9\nretry_mode = adaptive\nuse_fips_endpoint = true\nsdk_ua_app_id = file\n',
    );
    expect(await settled({})).toMatchObject({ maxAttempts: 9, useFipsEndpoint: true });
    expect(await settled(awsClientDefaults('SECRETS_MANAGER', process.env))).toEqual({
      maxAttempts: 3,
      retryMode: 'standard',
      defaultsMode: 'legacy',
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      appId: undefined,
    });
  });

  test('leave to the SDK what the environment names', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '7');
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    vi.stubEnv('AWS_SDK_UA_APP_ID', 'soc');
    expect(await settled(awsClientDefaults('SECRETS_MANAGER', process.env))).toMatchObject({
      maxAttempts: 7,
      retryMode: 'standard',
      useFipsEndpoint: true,
      appId: 'soc',
    });
  });

  test.each([
    [{}, { ignoreConfiguredEndpointUrls: true }],
    [{ AWS_ENDPOINT_URL: 'http://a' }, { endpoint: 'http://a' }],
    [{ AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_S3: 'http://b' }, { endpoint: 'http://b' }],
    [{ AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_S3: '' }, { endpoint: 'http://a' }],
    [{ AWS_ENDPOINT_URL_SQS: 'http://c' }, { ignoreConfiguredEndpointUrls: true }],
    [
      { AWS_ENDPOINT_URL: 'http://a', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      { ignoreConfiguredEndpointUrls: true },
    ],
    [
      { AWS_ENDPOINT_URL: 'http://a', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
      { endpoint: 'http://a' },
    ],
  ])('take the endpoint of %j', (environment, expected) => {
    const { endpoint, ignoreConfiguredEndpointUrls } = awsClientDefaults('S3', environment);
    expect({ endpoint, ignoreConfiguredEndpointUrls }).toEqual({
      endpoint: undefined,
      ignoreConfiguredEndpointUrls: undefined,
      ...expected,
    });
  });
});
