/** The REST API: each route of the OpenAPI document invokes its function. */
import { Names, Stack, Validations } from 'aws-cdk-lib';
import {
  ApiDefinition,
  EndpointType,
  type IApiKey,
  SpecRestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { openApiDocument, STAGE } from '../openapi/document.ts';
import { type ApiAuth, forGateway } from '../openapi/for-gateway.ts';
import { routes } from '../openapi/routes.ts';
import { type AccountLogRole, accessLogOptions, acknowledgeAccessLog } from './access-log.ts';
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
  /** Whether requests are logged, and with whose role. @default 'none' */
  readonly accessLog?: AccountLogRole;
  /** Retention of the access log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** A regional REST API with one stage. */
export class ConnectorApi extends Construct {
  /** The REST API. */
  readonly restApi: SpecRestApi;
  /** URL of the stage, without a trailing slash. */
  readonly url: string;
  /** Key that callers send in `x-api-key`; undefined with IAM authentication. */
  readonly apiKey: IApiKey | undefined;

  constructor(scope: Construct, id: string, props: ConnectorApiProps) {
    super(scope, id);
    const { functions, auth = 'iam', throttle = { rateLimit: 50, burstLimit: 100 } } = props;
    const accessLog = props.accessLog ?? 'none';
    const integrations = this.#integrations(functions);
    this.restApi = new SpecRestApi(this, 'RestApi', {
      apiDefinition: ApiDefinition.fromInline(
        forGateway(openApiDocument(), { auth, integrations }),
      ),
      // What the console shows in its list of APIs.
      restApiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: accessLog === 'create',
      deployOptions: {
        ...stageOptions(throttle),
        ...accessLogOptions(this, accessLog, props.logRetention),
      },
    });
    // The stack defines its own outputs.
    this.restApi.node.tryRemoveChild('Endpoint');
    const { region, urlSuffix } = Stack.of(this);
    this.url = `https://${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}/${STAGE}`;
    this.#allowInvocations(functions);
    this.apiKey = auth === 'api-key' ? this.#addUsagePlan(throttle) : undefined;
    this.#acknowledge();
    acknowledgeAccessLog(this.restApi, accessLog);
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

  #addUsagePlan(throttle: Throttle): IApiKey {
    const plan = this.restApi.addUsagePlan('UsagePlan', {
      throttle,
      apiStages: [{ stage: this.restApi.deploymentStage }],
    });
    const apiKey = this.restApi.addApiKey('ApiKey', { description: 'VirusTotal connector' });
    plan.addApiKey(apiKey);
    return apiKey;
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
          'Execution logs would record query strings, and with them the URLs looked up. The functions log each outcome.',
      },
      {
        id: 'Serverless-APIGWXrayEnabled',
        reason: 'Segments would record the URLs looked up, in the query of the request.',
      },
    );
  }
}

/**
 * Settings of the stage. It is not traced, because API Gateway writes the whole URL, including the query, into
 * its segments, and the query holds the URL that is looked up.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-understanding-xray-traces.html
 */
function stageOptions({ rateLimit, burstLimit }: Throttle): StageOptions {
  return {
    stageName: STAGE,
    tracingEnabled: false,
    throttlingRateLimit: rateLimit,
    throttlingBurstLimit: burstLimit,
  };
}

function lambdaOf(functions: ConnectorApiProps['functions'], id: string) {
  const found = functions.get(id);
  if (!found) throw new Error(`no function for the operation ${id}`);
  return found.lambda;
}
