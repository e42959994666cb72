/** The environment variables of a function's process, as on Lambda. */
import type { ClockSetting } from '../clock.ts';
import { LOCAL_REGION, type LocalFunction } from '../types.ts';

/** Options that all functions of a run share. */
export interface EnvironmentOptions {
  /** Address of the AWS services. */
  readonly awsEndpointUrl: string;
  /** Clock of the run. */
  readonly clock: ClockSetting;
  /** Variables that override the template's, for every function. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** Variables passed on from this process; the second is for endpoints with a local certificate. */
const INHERITED = ['PATH', 'NODE_EXTRA_CA_CERTS'];

/**
 * Returns Lambda's own variables (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
 * and the template's. Credentials and configuration of this process are not passed on, since they would
 * make the local run differ from the deployed stack.
 *
 * @param fn - the function
 * @param runtimeApi - host and port
 */
export function environmentOf(
  fn: LocalFunction,
  runtimeApi: string,
  { awsEndpointUrl, clock, extra }: EnvironmentOptions,
): Record<string, string> {
  return {
    ...inherited(process.env),
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: 'INFO',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: fn.directory,
    _HANDLER: fn.handler,
    // The key id identifies the caller; the local services check no signatures.
    AWS_ACCESS_KEY_ID: fn.roleId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    // Otherwise the SDK would read the developer's home directory.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL: awsEndpointUrl,
    LOCAL_CLOCK: JSON.stringify(clock),
    ...fn.environment,
    ...extra,
  };
}

function inherited(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
