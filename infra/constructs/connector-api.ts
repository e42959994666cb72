/** The REST API: each route of the OpenAPI document invokes its function. */
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  ApiDefinition,
  EndpointType,
  LogGroupLogDestination,
  SpecRestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { openApiDocument, STAGE } from '../openapi/document.ts';
import { type ApiAuth, forGateway } from '../openapi/for-gateway.ts';
import { routes } from '../openapi/routes.ts';
import { accessLogFormat } from './access-log-format.ts';
import type { ConnectorFunction } from './connector-function.ts';

/** Request rate that the API accepts. */
export interface Throttle {
  /** Average requests per second. */
  readonly rateLimit: number;
  /** Requests in a burst. */
  readonly burstLimit: number;
}

/** Functions and settings of the API. */
export interface ConnectorApiProps {
  /** The functions by operation id; every route needs one. */
  readonly functions: ReadonlyMap<string, ConnectorFunction>;
  /** How callers authenticate: requests signed with IAM credentials, or an API key of a usage plan. @default 'iam' */
  readonly auth?: ApiAuth;
  /** Limit for all callers together. @default - 50 requests per second, bursts of 100 */
  readonly throttle?: Throttle;
  /** Retention of the access log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** A regional REST API with one stage. */
export class ConnectorApi extends Construct {
  /** The REST API. */
  readonly restApi: SpecRestApi;
  /** URL of the stage, without a trailing slash. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ConnectorApiProps) {
    super(scope, id);
    const { functions, auth = 'iam', throttle = { rateLimit: 50, burstLimit: 100 } } = props;
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const integrations = this.#integrations(functions);
    this.restApi = new SpecRestApi(this, 'RestApi', {
      apiDefinition: ApiDefinition.fromInline(
        forGateway(openApiDocument(), { auth, integrations }),
      ),
      endpointTypes: [EndpointType.REGIONAL],
      // Without an account-wide role, API Gateway refuses a stage that has an access log.
      cloudWatchRole: true,
      deployOptions: stageOptions(throttle, accessLog),
    });
    // The stack defines its own outputs.
    this.restApi.node.tryRemoveChild('Endpoint');
    const { region, urlSuffix } = Stack.of(this);
    this.url = `https://${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}/${STAGE}`;
    this.#allowInvocations(functions);
    if (auth === 'api-key') this.#addUsagePlan(throttle);
    this.#acknowledge();
  }

  #integrations(functions: ConnectorApiProps['functions']): Record<string, string> {
    const { partition, region } = Stack.of(this);
    return Object.fromEntries(
      routes.map(({ name, id }) => {
        const { functionArn } = lambdaOf(functions, id);
        const address = `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions`;
        return [name, `${address}/${functionArn}/invocations`];
      }),
    );
  }

  #allowInvocations(functions: ConnectorApiProps['functions']): void {
    for (const { id, route } of routes) {
      lambdaOf(functions, id).addPermission('ApiGateway', {
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        sourceArn: this.restApi.arnForExecuteApi(
          route.method,
          route.path.replaceAll(/\{[^}]*\}/g, '*'),
          STAGE,
        ),
      });
    }
  }

  #addUsagePlan(throttle: Throttle): void {
    const plan = this.restApi.addUsagePlan('UsagePlan', {
      throttle,
      apiStages: [{ stage: this.restApi.deploymentStage }],
    });
    plan.addApiKey(this.restApi.addApiKey('ApiKey', { description: 'VirusTotal connector' }));
  }

  #acknowledge(): void {
    Validations.of(this.restApi).acknowledge({
      id: 'AwsSolutions-APIG2',
      reason: 'The request validators are in the OpenAPI body, which cdk-nag does not read.',
    });
    Validations.of(this.restApi.deploymentStage).acknowledge(
      {
        id: 'AwsSolutions-APIG3',
        reason: 'Callers are authenticated; a web ACL costs money, so the account owner decides.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'Execution logs would record query strings, and with them the URLs looked up. The access log records each outcome.',
      },
    );
    Validations.of(this.restApi.node.findChild('CloudWatchRole')).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'The managed policy that API Gateway documents for its account-wide logging role.',
    });
  }
}

function stageOptions({ rateLimit, burstLimit }: Throttle, accessLog: LogGroup): StageOptions {
  return {
    stageName: STAGE,
    tracingEnabled: true,
    throttlingRateLimit: rateLimit,
    throttlingBurstLimit: burstLimit,
    accessLogDestination: new LogGroupLogDestination(accessLog),
    accessLogFormat,
  };
}

function lambdaOf(functions: ConnectorApiProps['functions'], id: string) {
  const found = functions.get(id);
  if (!found) throw new Error(`no function for the operation ${id}`);
  return found.lambda;
}
