/** Settings of every AWS client; the SDK decides those that only S3 or DynamoDB has. */
import type { Environment } from '../environment.ts';

/** Settings that an AWS client would otherwise look up in files. */
export interface AwsClientDefaults {
  readonly maxAttempts?: number;
  readonly retryMode?: string;
  readonly defaultsMode?: 'legacy';
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
  readonly userAgentAppId?: () => Promise<undefined>;
  readonly authSchemePreference?: string[];
  readonly disableClockSkewCorrection?: boolean;
  readonly endpoint?: string;
  readonly ignoreConfiguredEndpointUrls?: boolean;
}

/**
 * Returns the SDK's own defaults, explicitly. The SDK looks up what neither code nor environment sets in
 * `~/.aws/config`, which a Lambda function does not have: nine failing lookups per client. The SDK still reads
 * what the environment sets (`AWS_USE_FIPS_ENDPOINT`, `AWS_MAX_ATTEMPTS`, ...).
 *
 * @param service - as in the service's endpoint variable: `S3`, `SECRETS_MANAGER`
 * @param environment - usually `process.env`
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function awsClientDefaults(service: string, environment: Environment): AwsClientDefaults {
  const unset = (name: string) => environment[name] === undefined;
  // An empty variable counts as unset.
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] || environment.AWS_ENDPOINT_URL;
  const ignored = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true';
  return {
    ...(unset('AWS_MAX_ATTEMPTS') && { maxAttempts: service === 'DYNAMODB' ? 4 : 3 }),
    ...(unset('AWS_RETRY_MODE') && { retryMode: 'standard' }),
    ...(unset('AWS_DEFAULTS_MODE') && { defaultsMode: 'legacy' }),
    ...(unset('AWS_USE_FIPS_ENDPOINT') && { useFipsEndpoint: false }),
    ...(unset('AWS_USE_DUALSTACK_ENDPOINT') && { useDualstackEndpoint: false }),
    ...(unset('AWS_SDK_UA_APP_ID') && { userAgentAppId: async () => undefined }),
    ...(unset('AWS_AUTH_SCHEME_PREFERENCE') && { authSchemePreference: [] }),
    ...(unset('AWS_DISABLE_CLOCK_SKEW_CORRECTION') && { disableClockSkewCorrection: false }),
    ...(endpoint && !ignored ? { endpoint } : { ignoreConfiguredEndpointUrls: true }),
  };
}
