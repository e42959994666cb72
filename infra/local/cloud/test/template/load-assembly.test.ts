// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders look the same
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAssembly } from '../../src/template/load-assembly.ts';
import { inDirectory, stackOf, writeAssembly } from '../../src/testing/assembly.ts';

const role = (id: string) => ({
  [id]: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: id, AssumeRolePolicyDocument: { Statement: { Effect: 'Allow' } } },
  },
});
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('functions', () => {
  const fn = (properties: object, metadata: object = { 'aws:asset:path': 'asset.1' }) => ({
    ...role('Role'),
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Role: arn('Role'),
        Runtime: 'nodejs24.x',
        ...properties,
      },
      Metadata: metadata,
    },
  });

  it('have the defaults of Lambda', () => {
    const [found] = stackOf(fn({})).functions;
    expect(found).toMatchObject({
      roleId: 'Role',
      timeoutMs: 3000,
      memoryMiB: 128,
      environment: {},
    });
  });

  it('have bundles in the assembly, and variables that are texts', () => {
    const variables = { Environment: { Variables: { A: 1, B: true, C: { Ref: 'AWS::Region' } } } };
    inDirectory((directory) => {
      writeAssembly(directory, { Resources: fn(variables) });
      const [found] = loadAssembly(directory).functions;
      expect(found?.directory).toBe(join(directory, 'asset.1'));
      expect(found?.environment).toEqual({ A: '1', B: 'true', C: 'us-east-1' });
    });
  });

  it.each([
    [fn({ Layers: ['x'] }), 'Fn (AWS::Lambda::Function) cannot run here: Layers (not supported)'],
    [fn({ VpcConfig: {} }), 'VpcConfig (not supported)'],
    [fn({ Runtime: 'python3.13' }), 'Runtime (invalid_format)'],
    [fn({}, {}), 'has no bundle: its metadata lacks aws:asset:path'],
    [
      fn({ Role: 'arn:aws:iam::1:role/other' }),
      'the template has no role arn:aws:iam::1:role/other',
    ],
  ])('are refused by name: %#', (resources, message) => {
    expect(() => stackOf(resources)).toThrow(message);
  });
});

describe('roles', () => {
  it('collect inline, attached and managed policies, and keep the ARNs of others', () => {
    const policy = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action }] });
    const stack = stackOf({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: policy('sts:AssumeRole'),
          Policies: [{ PolicyName: 'inline', PolicyDocument: policy('a:Inline') }],
          ManagedPolicyArns: [{ Ref: 'Managed' }, 'arn:aws:iam::aws:policy/Other'],
        },
      },
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'x',
          PolicyDocument: policy('a:Attached'),
          Roles: [{ Ref: 'Role' }],
        },
      },
      Elsewhere: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'y', PolicyDocument: policy('a:No'), Roles: ['other'] },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: policy('a:Managed') },
      },
    });
    const found = stack.roles.get('Role');
    expect(found?.policies.map(({ Statement }) => Statement[0]?.Action)).toEqual([
      'a:Inline',
      'a:Attached',
      'a:Managed',
    ]);
    expect(found?.managedPolicyArns).toEqual(['arn:aws:iam::aws:policy/Other']);
  });
});

describe('buckets', () => {
  it('tell EventBridge when the template says so', () => {
    const stack = stackOf({
      Plain: { Type: 'AWS::S3::Bucket' },
      Telling: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          NotificationConfiguration: { EventBridgeConfiguration: {} },
          ObjectLockEnabled: true,
        },
      },
    });
    expect(stack.buckets).toMatchObject([
      { logicalId: 'Plain', sendsToEventBridge: false, isVersioned: false, hasObjectLock: false },
      { logicalId: 'Telling', sendsToEventBridge: true, hasObjectLock: true },
    ]);
  });

  it('are refused with other notifications', () => {
    const Properties = { NotificationConfiguration: { QueueConfigurations: [] } };
    expect(() => stackOf({ Bucket: { Type: 'AWS::S3::Bucket', Properties } })).toThrow(
      'NotificationConfiguration.QueueConfigurations (not supported)',
    );
  });
});

describe('queues', () => {
  it('come with attributes for CreateQueue, dead-letter queues first', () => {
    const { queues } = stackOf({
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: 900,
          RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 3 },
        },
      },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      QueuePolicy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Jobs' }] } },
    });
    const deadArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    expect(queues).toMatchObject([
      { logicalId: 'Dead', name: 'dead', arn: deadArn, attributes: {} },
      {
        logicalId: 'Jobs',
        deadLetterArn: deadArn,
        attributes: {
          VisibilityTimeout: '900',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 3 }),
        },
      },
    ]);
  });

  it('invoke functions', () => {
    const { eventSources } = stackOf({
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: arn('Jobs'),
          FunctionName: 'scan',
          BatchSize: 5,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 2 },
        },
      },
    });
    expect(eventSources).toEqual([
      {
        logicalId: 'Source',
        queueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
        functionName: 'scan',
        isEnabled: true,
        batchSize: 5,
        maximumBatchingWindowSeconds: 0,
        reportsBatchItemFailures: true,
        maximumConcurrency: 2,
      },
    ]);
  });

  it('are the only event sources', () => {
    const Properties = { EventSourceArn: 'arn:aws:kinesis:x', FunctionName: 'scan' };
    expect(() =>
      stackOf({ Source: { Type: 'AWS::Lambda::EventSourceMapping', Properties } }),
    ).toThrow('Source (AWS::Lambda::EventSourceMapping) cannot run here: EventSourceArn');
  });
});

describe('state machines', () => {
  const machine = (properties: object) => ({
    ...role('Role'),
    Scan: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { StateMachineName: 'Scan', RoleArn: arn('Role'), ...properties },
    },
  });

  it('have a joined definition, substitutions made', () => {
    const definition = {
      'Fn::Join': ['', ['{"a":"', { Ref: 'AWS::Region' }, '","b":"${Table}"}']],
    };
    const { stateMachines } = stackOf(
      machine({ DefinitionString: definition, DefinitionSubstitutions: { Table: 'state' } }),
    );
    expect(stateMachines).toEqual([
      {
        logicalId: 'Scan',
        name: 'Scan',
        arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:Scan',
        roleId: 'Role',
        definition: '{"a":"us-east-1","b":"state"}',
      },
    ]);
  });

  it('may have a definition that is an object', () => {
    const { stateMachines } = stackOf(machine({ Definition: { StartAt: { Ref: 'AWS::Region' } } }));
    expect(stateMachines[0]?.definition).toBe('{"StartAt":"us-east-1"}');
  });

  it.each([
    [{}, 'Scan (AWS::StepFunctions::StateMachine) has no definition'],
    [{ DefinitionS3Location: {} }, 'DefinitionS3Location (not supported)'],
    [{ DefinitionString: '{}', StateMachineType: 'EXPRESS' }, 'StateMachineType'],
  ])('are refused by name: %j', (properties, message) => {
    expect(() => stackOf(machine(properties))).toThrow(message);
  });
});

describe('rules', () => {
  it('know their bus, and the roles of their targets by logical id', () => {
    const stack = stackOf({
      ...role('Starter'),
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'verdicts' } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'created',
          EventBusName: { Ref: 'Bus' },
          EventPattern: { source: ['aws.s3'] },
          Targets: [{ Id: 'T', Arn: 'arn:aws:states:x', RoleArn: arn('Starter') }],
        },
      },
      Off: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['x'] }, State: 'DISABLED' },
      },
    });
    expect(stack.buses).toEqual([
      {
        logicalId: 'Bus',
        name: 'verdicts',
        arn: 'arn:aws:events:us-east-1:000000000000:event-bus/verdicts',
      },
    ]);
    expect(stack.rules).toMatchObject([
      {
        logicalId: 'Rule',
        name: 'created',
        arn: 'arn:aws:events:us-east-1:000000000000:rule/verdicts/created',
        eventBusName: 'verdicts',
        pattern: { source: ['aws.s3'] },
        targets: [{ arn: 'arn:aws:states:x', roleId: 'Starter' }],
      },
    ]);
  });
});

describe('stores', () => {
  it('are tables with their properties, and secrets with theirs', () => {
    const stack = stackOf({
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'state', BillingMode: 'X' } },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'n', SecretString: 'v' } },
    });
    expect(stack.tables).toMatchObject([{ name: 'state', properties: { BillingMode: 'X' } }]);
    expect(stack.secrets).toMatchObject([{ name: 'n', value: 'v' }]);
  });

  it('are refused when a value would have to be generated', () => {
    const Properties = { GenerateSecretString: {} };
    expect(() => stackOf({ S: { Type: 'AWS::SecretsManager::Secret', Properties } })).toThrow(
      'S (AWS::SecretsManager::Secret) cannot run here: GenerateSecretString (not supported)',
    );
  });
});

describe('APIs', () => {
  const api = { Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: {} } } };
  const stage = {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { RestApiId: { Ref: 'Api' }, StageName: 'v1', DeploymentId: 'd' },
  };
  const key = (Enabled: boolean, Value: string) => ({
    Type: 'AWS::ApiGateway::ApiKey',
    Properties: { Enabled, Value },
  });
  const planKey = (id: string) => ({
    Type: 'AWS::ApiGateway::UsagePlanKey',
    Properties: { KeyId: { Ref: id }, UsagePlanId: { Ref: 'Plan' }, KeyType: 'API_KEY' },
  });

  it('take the enabled keys of their usage plans', () => {
    const { apis } = stackOf({
      ...api,
      Stage: stage,
      Plan: {
        Type: 'AWS::ApiGateway::UsagePlan',
        Properties: { ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' } }] },
      },
      Good: key(true, 'good'),
      Off: key(false, 'off'),
      Stranger: key(true, 'stranger'),
      GoodKey: planKey('Good'),
      OffKey: planKey('Off'),
    });
    expect(apis[0]?.apiKeys.map(({ value }) => value)).toEqual(['good']);
  });

  it.each([[{}], [{ One: stage, Two: stage }]])('have one stage: %j', (stages) => {
    expect(() => stackOf({ ...api, ...stages })).toThrow('Api must have exactly one stage');
  });
});

describe('the template as a whole', () => {
  it('is refused with conditions', () => {
    const Conditions = { IsRed: { 'Fn::Equals': ['a', 'a'] } };
    expect(() => stackOf({}, { Conditions })).toThrow(
      'does not support conditions; the template has IsRed.',
    );
  });

  it('takes types that do nothing here', () => {
    const types = ['AWS::Logs::LogGroup', 'AWS::CloudWatch::Alarm', 'AWS::CDK::Metadata'];
    const resources = types.map((Type, index) => [`R${index}`, { Type }]);
    expect(stackOf(Object.fromEntries(resources)).functions).toEqual([]);
  });

  it('is refused with macros', () => {
    expect(() => stackOf({}, { Transform: 'AWS::Serverless-2016-10-31' })).toThrow(
      'does not support macros',
    );
  });

  it.each([[[]], [['One', 'Two']]])('is one stack: %j', (names) => {
    inDirectory((directory) => {
      writeAssembly(directory, { Resources: {} }, names);
      expect(() => loadAssembly(directory)).toThrow(
        `one stack; got ${names.join(', ') || 'none'}.`,
      );
    });
  });
});
