/** The API's access log, and the account-wide role that it needs. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  LogGroupLogDestination,
  type SpecRestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * Whether requests are logged. API Gateway writes all logs of an account and Region with one role, which is a
 * setting of the account, and it refuses a stage with an access log while there is no such role.
 *
 * - `none`: no access log; the account's role is left alone
 * - `existing`: an access log; the account has a role already
 * - `create`: an access log and a new role, which replaces the account's for all its REST APIs
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export type AccountLogRole = 'none' | 'existing' | 'create';

/** One JSON object per request. Path and query are left out: they hold indicators, and URLs may hold tokens. */
const format = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    requestTime: AccessLogField.contextRequestTime(),
    httpMethod: AccessLogField.contextHttpMethod(),
    resourcePath: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    errorType: AccessLogField.contextErrorResponseType(),
    responseLength: AccessLogField.contextResponseLength(),
    responseLatency: AccessLogField.contextResponseLatency(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    integrationLatency: AccessLogField.contextIntegrationLatency(),
    integrationRequestId: AccessLogField.contextAwsEndpointRequestId(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    caller: AccessLogField.contextIdentityUserArn(),
    apiKeyId: AccessLogField.contextIdentityApiKeyId(),
  }),
);

/** Creates the access log, and returns the settings of the stage that writes it. */
export function accessLogOptions(
  scope: Construct,
  accessLog: AccountLogRole,
  retention: RetentionDays = RetentionDays.ONE_MONTH,
): StageOptions {
  if (accessLog === 'none') return {};
  const removalPolicy = RemovalPolicy.DESTROY;
  const group = new LogGroup(scope, 'AccessLog', { retention, removalPolicy });
  return { accessLogDestination: new LogGroupLogDestination(group), accessLogFormat: format };
}

/** Acknowledges what cdk-nag finds about the choice. */
export function acknowledgeAccessLog(restApi: SpecRestApi, accessLog: AccountLogRole): void {
  if (accessLog === 'none') {
    const reason =
      'Access logs need a role that is a setting of the whole account, so its owner decides (accountLogRole). The functions log the outcome of each request that reaches them.';
    Validations.of(restApi.deploymentStage).acknowledge(
      { id: 'AwsSolutions-APIG1', reason },
      { id: 'Serverless-APIGWAccessLogging', reason },
    );
  }
  if (accessLog === 'create') {
    Validations.of(restApi.node.findChild('CloudWatchRole')).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'The managed policy that API Gateway documents for its account-wide logging role.',
    });
  }
}
