/**
 * The supported types of resources, and the values of their `Ref` and `Fn::GetAtt`
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html).
 */
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import {
  arnOf,
  type Identify,
  type Identity,
  named,
  nameOf,
  type Unidentified,
  withId,
} from './identity.ts';
import { idFrom, uuidFrom } from './physical-name.ts';

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
  const name = resource.text('Name') ?? `${logicalId}-${idFrom(`${stackName}/${logicalId}`, 12)}`;
  const arn = arnOf('secretsmanager', `secret:${name}-${idFrom(`secret/${name}`, 6)}`);
  return { ref: arn, name, attributes: { Id: arn } };
}

function role(resource: Unidentified): Identity {
  const name = nameOf(resource, 'RoleName', { maxLength: 64 });
  const path = resource.text('Path') ?? '/';
  const attributes = {
    Arn: `arn:aws:iam::${LOCAL_ACCOUNT}:role${path}${name}`,
    RoleId: `AROA${idFrom(`role/${name}`, 17).toUpperCase()}`,
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

/** The name of a state machine does not begin with that of the stack. */
function stateMachine(resource: Unidentified): Identity {
  const { logicalId, stackName } = resource;
  const suffix = idFrom(`${stackName}/${logicalId}`, 12);
  const name = resource.text('StateMachineName') ?? `${logicalId.slice(0, 67)}-${suffix}`;
  const arn = arnOf('states', `stateMachine:${name}`);
  return { ref: arn, name, attributes: { Arn: arn, Name: name } };
}

function restApi(resource: Unidentified): Identity {
  const { logicalId, stackName } = resource;
  const id = idFrom(`${stackName}/${logicalId}`, 10);
  const attributes = { RestApiId: id, RootResourceId: idFrom(`root/${id}`, 10) };
  return { ref: id, name: id, attributes };
}

function stage(resource: Unidentified): Identity {
  const name = resource.text('StageName') ?? 'default';
  return { ref: name, name, attributes: {} };
}

function eventSourceMapping({ stackName, logicalId }: Unidentified): Identity {
  const id = uuidFrom(`${stackName}/${logicalId}`);
  const attributes = {
    Id: id,
    EventSourceMappingArn: arnOf('lambda', `event-source-mapping:${id}`),
  };
  return { ref: id, name: id, attributes };
}

function key({ stackName, logicalId }: Unidentified): Identity {
  const id = uuidFrom(`${stackName}/${logicalId}`);
  return { ref: id, name: id, attributes: { Arn: arnOf('kms', `key/${id}`), KeyId: id } };
}

const table = named('TableName', 255, (name) => arnOf('dynamodb', `table/${name}`));

/** Types that have behaviour in the local run. */
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
  ['Custom::S3BucketNotifications', withId('Id')],
]);

const alarm = named('AlarmName', 255, (name) => arnOf('cloudwatch', `alarm:${name}`));
const logGroup = named('LogGroupName', 512, (name) => arnOf('logs', `log-group:${name}:*`));
const nameOnly = (property: string) => named(property, 255, (name) => name);

/**
 * Types without behaviour in the local run: logs go to the terminal, there are no metrics, nothing is
 * encrypted, and failed asynchronous invocations are not kept. Permissions are not enforced, but calls are
 * recorded, and tests compare them with the policies.
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
