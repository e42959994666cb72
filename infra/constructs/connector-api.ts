/** The REST API: the OpenAPI document's routes, each to its function. */
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

/** How many requests the API takes. */
export interface Throttle {
  /** Requests a second, over time. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
}

/** What the API is made of. */
export interface ConnectorApiProps {
  /** The functions, by the operation's id; every route has one. */
  readonly functions: ReadonlyMap<string, ConnectorFunction>;
  /** How callers are known: signed requests, or an API key with a usage plan. @default 'iam' */
  readonly auth?: ApiAuth;
  /** Over all callers. @default - 50 a second, 100 at once */
  readonly throttle?: Throttle;
  /** How long the access log is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** A regional REST API with one stage. */
export class ConnectorApi extends Construct {
  /** The REST API. */
  readonly restApi: SpecRestApi;
  /** Address of the stage, without a slash at its end. */
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
    // The stack names its outputs itself.
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
      reason: 'The validators are in the OpenAPI body, where cdk-nag does not look.',
    });
    Validations.of(this.restApi.deploymentStage).acknowledge(
      {
        id: 'AwsSolutions-APIG3',
        reason: "Callers are authorised; a web ACL costs money and is the account owner's choice.",
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'Execution logs hold query strings, so the URLs that are looked up; the access log tells each outcome.',
      },
    );
    Validations.of(this.restApi.node.findChild('CloudWatchRole')).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'The policy that API Gateway documents for its account-wide log role.',
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
  if (!found) throw new Error(`${id} has no function`);
  return found.lambda;
}
