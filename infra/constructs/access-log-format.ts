/** Fields of the API's access log. */
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/** One JSON object per request. Path and query are left out: they hold indicators, and URLs may hold tokens. */
export const accessLogFormat = AccessLogFormat.custom(
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
