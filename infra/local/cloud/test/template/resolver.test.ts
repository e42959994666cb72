// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders look the same
import { describe, expect, it } from 'vitest';
import type { Template } from '../../src/template/assembly.ts';
import { Resolver } from '../../src/template/resolver.ts';

const resources = {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
  Fifo: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', Path: '/team/' } },
  Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'reads' } },
  Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'scan' } },
  Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'state' } },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key' } },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'verdicts' } },
  Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'created' } },
  BusRule: {
    Type: 'AWS::Events::Rule',
    Properties: { Name: 'found', EventBusName: { 'Fn::GetAtt': ['Bus', 'Arn'] } },
  },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'Scan' } },
  Api: { Type: 'AWS::ApiGateway::RestApi' },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'v1' } },
  Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/scan' } },
  Key: { Type: 'AWS::KMS::Key' },
  Named: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: { 'Fn::Sub': 'copy-of-${Bucket}' } },
  },
};

const template: Template = {
  Resources: resources,
  Parameters: {
    Colour: { Type: 'String', Default: 'red' },
    Empty: { Type: 'String' },
    Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk/version' },
  },
};

const resolver = new Resolver(template, 'Stack');
const resolve = (value: unknown) => resolver.resolve(value);

describe('Ref', () => {
  it.each([
    ['AWS::Region', 'us-east-1'],
    ['AWS::AccountId', '000000000000'],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackName', 'Stack'],
    ['AWS::NotificationARNs', []],
    ['Colour', 'red'],
    ['Bucket', 'files'],
    ['Named', 'copy-of-files'],
    ['Queue', 'https://sqs.us-east-1.amazonaws.com/000000000000/jobs'],
    ['Role', 'worker'],
    ['Policy', 'arn:aws:iam::000000000000:policy/reads'],
    ['Function', 'scan'],
    ['Table', 'state'],
    ['Bus', 'verdicts'],
    ['Rule', 'created'],
    ['BusRule', 'verdicts|found'],
    ['Machine', 'arn:aws:states:us-east-1:000000000000:stateMachine:Scan'],
    ['Stage', 'v1'],
    ['Log', '/scan'],
  ])('of %s', (name, expected) => {
    expect(resolve({ Ref: name })).toEqual(expected);
  });

  it.each([
    ['AWS::StackId', /^arn:aws:cloudformation:us-east-1:000000000000:stack\/Stack\/[0-9a-f-]{36}$/],
    ['Secret', /^arn:aws:secretsmanager:us-east-1:000000000000:secret:key-[A-Za-z0-9]{6}$/],
    ['Api', /^[a-z0-9]{10}$/],
    ['Fifo', /\/Stack-Fifo-[A-Z0-9]{12}\.fifo$/],
    ['Key', /^[0-9a-f-]{36}$/],
  ])('of %s, made up', (name, expected) => {
    expect(resolve({ Ref: name })).toMatch(expected);
  });
});

describe('Fn::GetAtt', () => {
  it.each([
    ['Bucket', 'Arn', 'arn:aws:s3:::files'],
    ['Bucket', 'RegionalDomainName', 'files.s3.us-east-1.amazonaws.com'],
    ['Queue', 'Arn', 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    ['Queue', 'QueueName', 'jobs'],
    ['Role', 'Arn', 'arn:aws:iam::000000000000:role/team/worker'],
    ['Function', 'Arn', 'arn:aws:lambda:us-east-1:000000000000:function:scan'],
    ['Table', 'Arn', 'arn:aws:dynamodb:us-east-1:000000000000:table/state'],
    ['Bus', 'Arn', 'arn:aws:events:us-east-1:000000000000:event-bus/verdicts'],
    ['Rule', 'Arn', 'arn:aws:events:us-east-1:000000000000:rule/created'],
    ['BusRule', 'Arn', 'arn:aws:events:us-east-1:000000000000:rule/verdicts/found'],
    ['Machine', 'Name', 'Scan'],
    ['Log', 'Arn', 'arn:aws:logs:us-east-1:000000000000:log-group:/scan:*'],
  ])('%s.%s', (logicalId, attribute, expected) => {
    expect(resolve({ 'Fn::GetAtt': [logicalId, attribute] })).toBe(expected);
    expect(resolve({ 'Fn::GetAtt': `${logicalId}.${attribute}` })).toBe(expected);
  });

  it('gives the same ARN of a secret as Ref', () => {
    expect(resolve({ 'Fn::GetAtt': ['Secret', 'Id'] })).toBe(resolve({ Ref: 'Secret' }));
  });
});

describe('functions', () => {
  it.each([
    [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
    [{ 'Fn::Join': ['-', ['a', 1, true]] }, 'a-1-true'],
    [{ 'Fn::Join': [',', { 'Fn::Split': ['|', 'a|b'] }] }, 'a,b'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    [
      { 'Fn::Sub': '${AWS::Region}/${Bucket}/${Table.Arn}/${!Kept}' },
      'us-east-1/files/arn:aws:dynamodb:us-east-1:000000000000:table/state/${Kept}',
    ],
    [{ 'Fn::Sub': ['${Name}-${Bucket}', { Name: { Ref: 'Colour' } }] }, 'red-files'],
    [{ 'Fn::Sub': ['${Bucket}', { Bucket: 'mine' }] }, 'mine'],
    [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    [{ 'Fn::Select': ['2', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] }, 'sqs'],
    [{ 'Fn::Split': ['.', 'a.b'] }, ['a', 'b']],
  ])('%j', (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('resolves however deep, and leaves the rest as it is', () => {
    const value = {
      a: [{ b: { Ref: 'Bucket' } }, 1, null, false],
      Ref: 'x',
      other: { $ref: '#/y' },
    };
    expect(resolve(value)).toEqual({ ...value, a: [{ b: 'files' }, 1, null, false] });
  });

  it('leaves out what is AWS::NoValue', () => {
    const none = { Ref: 'AWS::NoValue' };
    expect(resolve({ a: none, b: [none, 1], d: 2 })).toEqual({ b: [1], d: 2 });
  });

  it('keeps names that objects have of themselves', () => {
    expect(() => resolve({ Ref: 'constructor' })).toThrow('constructor');
    expect(() => resolve({ 'Fn::GetAtt': ['Bucket', 'toString'] })).toThrow('toString of Bucket');
  });
});

describe('refusals', () => {
  it.each([
    [{ 'Fn::ImportValue': 'x' }, 'the local run does not support Fn::ImportValue'],
    [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'the local run does not support Fn::FindInMap'],
    [{ 'Fn::Base64': 'x' }, 'the local run does not support Fn::Base64'],
    [{ 'Fn::Join': ['', ['a']], beside: 1 }, 'Fn::Join must be the only key of its object'],
    [{ Ref: 'Nothing' }, 'the template has no resource or parameter Nothing'],
    [{ Ref: 'Empty' }, 'the parameter Empty has no value'],
    [{ Ref: 'Version' }, 'the parameter Version has no value'],
    [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'attribute StreamArn of Table (supported: Arn)'],
    [{ 'Fn::If': ['IsRed', 1, 2] }, 'does not support Fn::If'],
    [{ 'Fn::Join': ['', 'text'] }, 'Fn::Join does not accept "text"'],
    [{ 'Fn::Join': ['', [{ a: 1 }]] }, 'expected a string, got {"a":1}'],
    [{ 'Fn::Select': [2, ['a']] }, 'Fn::Select does not accept'],
    [{ 'Fn::Sub': '${Missing}' }, 'the template has no resource or parameter Missing'],
    [
      '{{resolve:secretsmanager:x}}',
      'does not support dynamic references: {{resolve:secretsmanager:x}}',
    ],
  ])('%j', (value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });

  it('list all resources of unknown types', () => {
    const unknown = {
      ...template,
      Resources: {
        Topic: { Type: 'AWS::SNS::Topic' },
        Custom: { Type: 'Custom::S3AutoDeleteObjects' },
      },
    };
    expect(() => new Resolver(unknown, 'Stack')).toThrow(
      'does not support the types of these resources: Topic (AWS::SNS::Topic), Custom (Custom::S3AutoDeleteObjects).',
    );
  });

  it('says whose property it was', () => {
    const bad = { Bad: { Type: 'AWS::SQS::Queue', Properties: { Tags: { 'Fn::Cidr': [] } } } };
    const resources = new Resolver({ Resources: bad }, 'Stack');
    expect(() => resources.resources('AWS::SQS::Queue')).toThrow(
      'Bad: the local run does not support Fn::Cidr',
    );
  });

  it('does not follow a circle of names', () => {
    const name = (other: string) => ({
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: { Ref: other } },
    });
    const circle = new Resolver({ Resources: { A: name('B'), B: name('A') } }, 'Stack');
    expect(() => circle.resolve({ Ref: 'A' })).toThrow('the name of A depends on itself');
  });
});
