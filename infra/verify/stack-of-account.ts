/** Reads the stack that is verified. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { callAws } from './call-aws.ts';
import type { Clients, DeployedResource, Target } from './context.ts';
import { CheckFailure, NotChecked } from './outcomes.ts';
import type { SigningCredentials } from './sign-request.ts';

/** Where a local run serves. */
export interface LocalRun {
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** Whether it checks signatures and roles. */
  readonly signs: boolean;
  readonly credentials: SigningCredentials;
}

/** How the account is reached. */
export interface AccountOptions {
  readonly stack: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Instead of an account. */
  readonly local?: LocalRun | undefined;
}

/**
 * Opens clients and reads the stack.
 *
 * @throws NotChecked if the stack cannot be read
 */
export async function openTarget(options: AccountOptions): Promise<Target> {
  const clients = clientsOf(options);
  const { cloudFormation } = clients;
  const read = await readStackOf(clients, options.stack).catch((error: unknown) => {
    destroyClients(clients);
    throw error;
  });
  const [, , , region = '', account = ''] = read.id.split(':');
  const { local } = options;
  const target: Target = {
    ...read,
    stack: options.stack,
    account,
    region,
    apiUrl: local?.apiUrl ?? read.outputs.ApiUrl ?? '',
    auth: read.outputs.ApiKeyId === undefined ? 'iam' : 'api-key',
    local,
    clients,
    credentials: () => cloudFormation.config.credentials(),
    apiKey: () => readApiKey(target),
  };
  return target;
}

/** Ends the connections of the clients. */
export function destroyClients(clients: Clients): void {
  for (const client of Object.values(clients)) client.destroy();
}

/** Configuration of clients for the account, or for a local run. */
export function accountConfig({ region, profile, local }: Omit<AccountOptions, 'stack'>) {
  if (local) {
    const { awsUrl: endpoint, credentials } = local;
    return { endpoint, credentials, region: 'us-east-1', maxAttempts: 3 };
  }
  return { ...(region && { region }), ...(profile && { profile }), maxAttempts: 8 };
}

function clientsOf(options: AccountOptions): Clients {
  const config = accountConfig(options);
  return {
    cloudFormation: new CloudFormationClient(config),
    dynamoDb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    lambda: new LambdaClient(config),
    s3: createS3(options),
    secrets: new SecretsManagerClient(config),
    sfn: new SFNClient(config),
    sqs: new SQSClient(config),
  };
}

/** Creates a client for buckets of any Region. */
export function createS3(options: Omit<AccountOptions, 'stack'>): S3Client {
  return new S3Client({
    ...accountConfig(options),
    followRegionRedirects: true,
    forcePathStyle: options.local !== undefined,
  });
}

async function readStackOf({ cloudFormation }: Clients, StackName: string) {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName }),
    );
    const { StackId: id, StackStatus: status = '', Outputs = [] } = stack ?? {};
    if (id === undefined) throw new NotChecked(`there is no stack ${StackName}`);
    const outputs = Outputs.flatMap(({ OutputKey, OutputValue }) =>
      OutputKey === undefined ? [] : [[OutputKey, OutputValue ?? '']],
    );
    const resources: DeployedResource[] = [];
    const pages = paginateListStackResources({ client: cloudFormation }, { StackName });
    for await (const { StackResourceSummaries = [] } of pages) {
      for (const summary of StackResourceSummaries) {
        const { LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId } = summary;
        if (physicalId) {
          resources.push({ logicalId, type: summary.ResourceType ?? '', physicalId });
        }
      }
    }
    return { id, status, outputs: Object.fromEntries(outputs), resources };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new NotChecked(`the stack ${StackName} cannot be read: ${error.name}: ${error.message}`);
  }
}

async function readApiKey(target: Target): Promise<string> {
  const path = `/apikeys/${outputOf(target, 'ApiKeyId')}?includeValue=true`;
  const answer = await callAws(target, { service: 'apigateway', method: 'GET', path });
  if (typeof answer === 'object' && answer !== null && 'value' in answer) {
    return String(answer.value);
  }
  throw new CheckFailure('API Gateway does not return the value of the API key');
}

/**
 * Returns an output of the stack.
 *
 * @throws CheckFailure if it has none of that name
 */
export function outputOf({ outputs }: Pick<Target, 'outputs'>, name: string): string {
  const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (value) return value;
  throw new CheckFailure(`the stack has no output ${name}`);
}

/**
 * Finds a resource of the stack.
 *
 * @param logicalId - matches its logical id
 * @throws CheckFailure if there is not exactly one
 */
export function resourceOf(
  { resources }: Pick<Target, 'resources'>,
  type: string,
  logicalId: RegExp = /(?:)/,
): DeployedResource {
  const found = resources.filter((one) => one.type === type && logicalId.test(one.logicalId));
  const [only] = found;
  if (only && found.length === 1) return only;
  throw new CheckFailure(
    `the stack has ${found.length} resources ${type} like ${logicalId}; expected one`,
  );
}
