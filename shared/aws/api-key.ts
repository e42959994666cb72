/** Reads the VirusTotal API key from AWS Secrets Manager, and caches it for at most five minutes. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ApiKeyError } from '../errors.ts';
import { signalFor } from '../limits.ts';
import { parseJson } from '../schema/parse-json.ts';
import type { ApiKeySource } from '../virustotal/api-key-source.ts';
import { translateAwsError } from './aws-errors.ts';
import { sharedRead } from './shared-read.ts';

/** How long a key is cached, milliseconds: a rotated secret is used after that at the latest. */
const MAX_AGE_MS = 5 * 60 * 1000;

/** Longest read of the secret, with the SDK's retries, milliseconds. */
const LONGEST_READ_MS = 20_000;

/** What reading the key needs. */
export interface ApiKeyOptions {
  /** ARN or name of the secret; its value is the bare key or JSON `{ "apiKey": "..." }`. */
  readonly secretArn: string;
  /** Client of the Region that holds the secret. */
  readonly client: SecretsManagerClient;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Creates a source that reads the API key from a secret.
 *
 * @throws ApiKeyError (from its methods) if the secret is missing, empty, unreadable or malformed
 * @throws UpstreamUnavailableError (from its methods) if Secrets Manager cannot be reached
 * @throws UpstreamTimeoutError (from its methods) if it does not answer by the deadline
 */
export function apiKeyFromSecret({
  secretArn,
  client,
  now = Date.now,
}: ApiKeyOptions): ApiKeySource {
  let cached: { readonly key: string; readonly readAt: number } | undefined;
  const read = sharedRead(async () => {
    const readAt = now();
    const key = await readKey(client, secretArn, AbortSignal.timeout(LONGEST_READ_MS));
    cached = { key, readAt };
    return key;
  }, 'read the API key secret');
  const refresh = (deadline: number) => read(signalFor({ deadline }, now));
  return {
    refresh,
    async get(deadline) {
      if (cached && now() - cached.readAt < MAX_AGE_MS) return cached.key;
      return refresh(deadline);
    },
  };
}

async function readKey(
  client: SecretsManagerClient,
  secretArn: string,
  abortSignal: AbortSignal,
): Promise<string> {
  try {
    const secret = await client.send(new GetSecretValueCommand({ SecretId: secretArn }), {
      abortSignal,
    });
    if (secret.SecretBinary) throw new ApiKeyError(malformedSecret(secretArn, 'binary data'));
    return parseKey(secret.SecretString, secretArn);
  } catch (error) {
    throw translateAwsError(error, 'read the API key secret', abortSignal, ({ code }) =>
      secretRefusal(code, secretArn),
    );
  }
}

/** Errors here have no cause: a parser's message may quote the secret. */
function parseKey(value: string | undefined, secretArn: string): string {
  const trimmed = value?.trim() ?? '';
  if (trimmed === '')
    throw new ApiKeyError(`the secret ${secretArn} is empty: ${howToFill(secretArn)}`);
  const key = trimmed.startsWith('{') ? keyOfJson(trimmed) : trimmed;
  // A key contains no double quote: a text with one is JSON of another form.
  if (key === undefined || !/^[\x21\x23-\x7e]+$/.test(key)) {
    throw new ApiKeyError(malformedSecret(secretArn, 'another text'));
  }
  return key;
}

function malformedSecret(secretArn: string, content: string): string {
  return `the secret ${secretArn} contains ${content}, neither a bare API key nor JSON {"apiKey":"..."}: ${howToFill(secretArn)}`;
}

function keyOfJson(text: string): string | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('apiKey' in value)) return undefined;
  return typeof value.apiKey === 'string' ? value.apiKey.trim() : undefined;
}

function secretRefusal(code: string, secretArn: string): ApiKeyError | undefined {
  if (code === 'ResourceNotFoundException') {
    return new ApiKeyError(`the secret ${secretArn} has no value: ${howToFill(secretArn)}`);
  }
  return refusals.has(code)
    ? new ApiKeyError(`the function may not read the secret ${secretArn} (${code})`)
    : undefined;
}

/** Error codes of Secrets Manager that a retry does not get past. */
const refusals = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidRequestException',
  'InvalidParameterException',
  'ValidationException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
]);

function howToFill(secretArn: string): string {
  return `fill it with aws secretsmanager put-secret-value --secret-id ${secretArn} --secret-string YOUR_API_KEY`;
}
