/** The environment of a function's process, as Lambda makes it. */
import type { ClockSetting } from '../clock.ts';
import { LOCAL_REGION, type LocalFunction } from '../types.ts';

/** What is the same for all functions of a run. */
export interface EnvironmentOptions {
  /** Address of the AWS services. */
  readonly awsEndpointUrl: string;
  /** Clock of the run. */
  readonly clock: ClockSetting;
  /** Set for every function, over the template's own; for a local certificate, for example. */
  readonly extra?: Readonly<Record<string, string>>;
}

/**
 * Environment variables of a process: Lambda's own (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)
 * and the template's; nothing of this process's environment is inherited.
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
    // Who calls is told apart by the key id; the local engines check no signature.
    AWS_ACCESS_KEY_ID: fn.roleId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL: awsEndpointUrl,
    LOCAL_CLOCK: JSON.stringify(clock),
    ...fn.environment,
    ...extra,
  };
}
