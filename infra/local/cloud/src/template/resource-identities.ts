/**
 * The types of resources that the local run knows, and what `Ref` and `Fn::GetAtt` give of each
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html).
 */
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { madeUpId, madeUpUuid, type NameRule, physicalName } from './physical-name.ts';

/** What a template gets of a resource by reference. */
export interface Identity {
  /** What `Ref` gives. */
  readonly ref: string;
  /** Name or id by which the service knows it. */
  readonly name: string;
  /** What `Fn::GetAtt` gives, by attribute. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A resource whose identity is asked for. */
export interface Unidentified {
  readonly logicalId: string;
  readonly stackName: string;
  /** A property, resolved; undefined when the template does not have it. */
  text(property: string): string | undefined;
}

type Identify = (resource: Unidentified) => Identity;

/** ARN of a resource of the local account. */
function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;
}

function nameOf(resource: Unidentified, property: string, rule: NameRule): string {
  const { stackName, logicalId } = resource;
  return resource.text(property) ?? physicalName(stackName, logicalId, rule);
}

/** A type that is known by its name, and has an ARN. */
function named(property: string, maxLength: number, toArn: (name: string) => string): Identify {
  return (resource) => {
    const name = nameOf(resource, property, { maxLength });
    return { ref: name, name, attributes: { Arn: toArn(name) } };
  };
}

/** A type whose id the service makes up. */
function withId(attribute: string, length = 10): Identify {
  return ({ stackName, logicalId }) => {
    const id = madeUpId(`${stackName}/${logicalId}`, length);
    return { ref: id, name: id, attributes: { [attribute]: id } };
  };
}

function bucket(resource: Unidentified): Identity {
  const name = nameOf(resource, 'BucketName', { maxLength: 63, isLowerCase: true });
  const attributes = {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${LOCAL_REGION}.amazonaws.com`,
  };
  return { ref: name, name, attributes };
}

function secret(resource: Unidentified): Identity {
  const { logicalId, stackName } = resource;
  const name = resource.text('Name') ?? `${logicalId}-${madeUpId(`${stackName}/${logicalId}`, 12)}`;
  const arn = arnOf('secretsmanager', `secret:${name}-${madeUpId(`secret/${name}`, 6)}`);
  return { ref: arn, name, attributes: { Id: arn } };
}

function role(resource: Unidentified): Identity {
  const name = nameOf(resource, 'RoleName', { maxLength: 64 });
  const path = resource.text('Path') ?? '/';
  const attributes = {
    Arn: `arn:aws:iam::${LOCAL_ACCOUNT}:role${path}${name}`,
    RoleId: `AROA${madeUpId(`role/${name}`, 17).toUpperCase()}`,
  };
  return { ref: name, name, attributes };
}

function managedPolicy(resource: Unidentified): Identity {
  const name = nameOf(resource, 'ManagedPolicyName', { maxLength: 128 });
  const arn = `arn:aws:iam::${LOCAL_ACCOUNT}:policy${resource.text('Path') ?? '/'}${name}`;
  return { ref: arn, name, attributes: { PolicyArn: arn } };
}

function policy(resource: Unidentified): Identity {
  const name = nameOf(resource, 'PolicyName', { maxLength: 128 });
  return { ref: name, name, attributes: { Id: name } };
}

function queue(resource: Unidentified): Identity {
  const ending = resource.text('FifoQueue') === 'true' ? '.fifo' : '';
  const name = nameOf(resource, 'QueueName', { maxLength: 80, ending });
  const url = `https://sqs.${LOCAL_REGION}.amazonaws.com/${LOCAL_ACCOUNT}/${name}`;
  const attributes = { Arn: arnOf('sqs', name), QueueName: name, QueueUrl: url };
  return { ref: url, name, attributes };
}

function eventBus(resource: Unidentified): Identity {
  const name = nameOf(resource, 'Name', { maxLength: 256 });
  return {
    ref: name,
    name,
    attributes: { Arn: arnOf('events', `event-bus/${name}`), Name: name },
  };
}

function rule(resource: Unidentified): Identity {
  const name = nameOf(resource, 'Name', { maxLength: 64 });
  const bus = resource.text('EventBusName')?.replace(/^.*\//, '') ?? 'default';
  const isDefault = bus === 'default';
  return {
    ref: isDefault ? name : `${bus}|${name}`,
    name,
    attributes: { Arn: arnOf('events', `rule/${isDefault ? name : `${bus}/${name}`}`) },
  };
}

function stateMachine(resource: Unidentified): Identity {
  const name = nameOf(resource, 'StateMachineName', { maxLength: 80 });
  const arn = arnOf('states', `stateMachine:${name}`);
  return { ref: arn, name, attributes: { Arn: arn, Name: name } };
}

function restApi(resource: Unidentified): Identity {
  const { logicalId, stackName } = resource;
  const id = madeUpId(`${stackName}/${logicalId}`, 10);
  const attributes = { RestApiId: id, RootResourceId: madeUpId(`root/${id}`, 10) };
  return { ref: id, name: id, attributes };
}

function stage(resource: Unidentified): Identity {
  const name = resource.text('StageName') ?? 'default';
  return { ref: name, name, attributes: {} };
}

function eventSourceMapping({ stackName, logicalId }: Unidentified): Identity {
  const id = madeUpUuid(`${stackName}/${logicalId}`);
  const attributes = {
    Id: id,
    EventSourceMappingArn: arnOf('lambda', `event-source-mapping:${id}`),
  };
  return { ref: id, name: id, attributes };
}

function key({ stackName, logicalId }: Unidentified): Identity {
  const id = madeUpUuid(`${stackName}/${logicalId}`);
  return { ref: id, name: id, attributes: { Arn: arnOf('kms', `key/${id}`), KeyId: id } };
}

const table = named('TableName', 255, (name) => arnOf('dynamodb', `table/${name}`));

/** Types that do something locally. */
export const knownTypes: ReadonlyMap<string, Identify> = new Map([
  ['AWS::ApiGateway::ApiKey', withId('APIKeyId')],
  ['AWS::ApiGateway::RestApi', restApi],
  ['AWS::ApiGateway::Stage', stage],
  ['AWS::ApiGateway::UsagePlan', withId('Id', 6)],
  ['AWS::ApiGateway::UsagePlanKey', withId('Id')],
  ['AWS::DynamoDB::GlobalTable', table],
  ['AWS::DynamoDB::Table', table],
  ['AWS::Events::EventBus', eventBus],
  ['AWS::Events::Rule', rule],
  ['AWS::IAM::ManagedPolicy', managedPolicy],
  ['AWS::IAM::Policy', policy],
  ['AWS::IAM::Role', role],
  ['AWS::Lambda::EventSourceMapping', eventSourceMapping],
  [
    'AWS::Lambda::Function',
    named('FunctionName', 64, (name) => arnOf('lambda', `function:${name}`)),
  ],
  ['AWS::S3::Bucket', bucket],
  ['AWS::S3::BucketPolicy', withId('Id')],
  ['AWS::SQS::Queue', queue],
  ['AWS::SecretsManager::Secret', secret],
  ['AWS::StepFunctions::StateMachine', stateMachine],
]);

const alarm = named('AlarmName', 255, (name) => arnOf('cloudwatch', `alarm:${name}`));
const logGroup = named('LogGroupName', 512, (name) => arnOf('logs', `log-group:${name}:*`));
const nameOnly = (property: string) => named(property, 255, (name) => name);

/**
 * Types that have no behaviour here: logs go to the terminal, there are no metrics, nobody is refused for
 * lack of a permission (the calls are recorded, and tests hold them against the policies), nothing is
 * encrypted, and no asynchronous invocation that failed is kept.
 */
export const inertTypes: ReadonlyMap<string, Identify> = new Map([
  ['AWS::ApiGateway::Account', withId('Id')],
  ['AWS::ApiGateway::Deployment', withId('DeploymentId')],
  ['AWS::CDK::Metadata', withId('Id')],
  ['AWS::CloudWatch::Alarm', alarm],
  ['AWS::CloudWatch::CompositeAlarm', alarm],
  ['AWS::CloudWatch::Dashboard', nameOnly('DashboardName')],
  ['AWS::Events::EventBusPolicy', withId('Id')],
  ['AWS::KMS::Alias', nameOnly('AliasName')],
  ['AWS::KMS::Key', key],
  ['AWS::Lambda::EventInvokeConfig', withId('Id')],
  ['AWS::Lambda::Permission', withId('Id')],
  ['AWS::Logs::LogGroup', logGroup],
  ['AWS::Logs::MetricFilter', nameOnly('FilterName')],
  ['AWS::Logs::ResourcePolicy', nameOnly('PolicyName')],
  ['AWS::SQS::QueuePolicy', withId('Id')],
  ['AWS::SecretsManager::ResourcePolicy', withId('Id')],
]);
