/** Settings that every AWS client is made with; those that only S3 or DynamoDB has are left to the SDK. */

/** Settings of an AWS client that it would else look for in files. */
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
 * The SDK's own defaults, named. What neither code nor environment names, it looks for in `~/.aws/config`,
 * which a Lambda function does not have: nine searches in vain for each client. What the environment does
 * name (`AWS_USE_FIPS_ENDPOINT`, `AWS_MAX_ATTEMPTS`, ...) is left to the SDK.
 *
 * @param service - as in the name of the variable of its endpoint: `S3`, `SECRETS_MANAGER`
 * @param environment - usually `process.env`
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function awsClientDefaults(
  service: string,
  environment: Readonly<Record<string, string | undefined>>,
): AwsClientDefaults {
  const unset = (name: string) => environment[name] === undefined;
  // What is empty counts as unset.
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
