// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders look the same
import { describe, expect, it } from 'vitest';
import { stackOf } from '../../src/testing/assembly.ts';
import { arn, role } from './harness.ts';

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
  ])('are rejected with the reason: %j', (properties, message) => {
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
