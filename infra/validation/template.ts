/** Reads the resources of a synthesised template, with placeholders for what only a deployment knows. */
import { itemsOf, type JsonFields, jsonFields, type Resource } from './refusal.ts';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::NotificationARNs': '',
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/stack/1`,
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Service and resource part of ARNs, by resource type. */
const arns: Readonly<Record<string, (id: string) => string>> = {
  'AWS::DynamoDB::Table': (id) => `dynamodb:${REGION}:${ACCOUNT}:table/${id}`,
  'AWS::Events::EventBus': (id) => `events:${REGION}:${ACCOUNT}:event-bus/${id}`,
  'AWS::Events::Rule': (id) => `events:${REGION}:${ACCOUNT}:rule/${id}`,
  'AWS::IAM::Role': (id) => `iam::${ACCOUNT}:role/${id}`,
  'AWS::KMS::Key': (id) => `kms:${REGION}:${ACCOUNT}:key/${id}`,
  'AWS::Lambda::Function': (id) => `lambda:${REGION}:${ACCOUNT}:function:${id}`,
  'AWS::Logs::LogGroup': (id) => `logs:${REGION}:${ACCOUNT}:log-group:${id}:*`,
  'AWS::S3::Bucket': (id) => `s3:::${id.toLowerCase()}`,
  'AWS::SNS::Topic': (id) => `sns:${REGION}:${ACCOUNT}:${id}`,
  'AWS::SQS::Queue': (id) => `sqs:${REGION}:${ACCOUNT}:${id}`,
  'AWS::SecretsManager::Secret': (id) => `secretsmanager:${REGION}:${ACCOUNT}:secret:${id}-AbCdEf`,
  'AWS::StepFunctions::StateMachine': (id) => `states:${REGION}:${ACCOUNT}:stateMachine:${id}`,
};

/** Resource types whose `Ref` is an ARN. */
const refersByArn = new Set([
  'AWS::SNS::Topic',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
]);

/** Returns the resources of a template, resolved. */
export function resourcesOf(template: unknown): Resource[] {
  const resources = jsonFields(jsonFields(template).Resources);
  const typeOf = (id: string) => String(jsonFields(resources[id]).Type);
  const resolve = resolverOf(typeOf);
  return Object.entries(resources).map(([logicalId, resource]) => ({
    logicalId,
    type: typeOf(logicalId),
    properties: jsonFields(resolve(jsonFields(resource).Properties)),
  }));
}

function resolverOf(typeOf: (id: string) => string): (value: unknown) => unknown {
  const arnOf = (id: string) => {
    const arn = arns[typeOf(id)];
    return arn === undefined ? `arn:aws:unknown:::${id}` : `arn:aws:${arn(id)}`;
  };
  const refer = (id: string) => {
    if (refersByArn.has(typeOf(id))) return arnOf(id);
    return pseudoParameters[id] ?? (typeOf(id) === 'AWS::S3::Bucket' ? id.toLowerCase() : id);
  };
  const intrinsic = (name: string, argument: unknown): unknown => {
    const [first, second] = Array.isArray(argument) ? argument : String(argument).split('.', 2);
    if (name === 'Ref') return refer(String(argument));
    if (name === 'Fn::GetAtt')
      return second === 'Arn' ? arnOf(String(first)) : `${first}.${second}`;
    if (name === 'Fn::Split') return String(resolve(second)).split(String(first));
    if (name === 'Fn::Select') return itemsOf(resolve(second))[Number(first)];
    if (name !== 'Fn::Join') return `${name}(${JSON.stringify(argument)})`;
    return (Array.isArray(second) ? second.map(resolve) : []).join(String(first));
  };
  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [entry, ...others] = Object.entries(value);
    if (entry && others.length === 0 && isIntrinsic(entry[0])) return intrinsic(...entry);
    return resolveFields(jsonFields(value), resolve);
  }
  return resolve;
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function resolveFields(fields: JsonFields, resolve: (value: unknown) => unknown): JsonFields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, resolve(value)]));
}
