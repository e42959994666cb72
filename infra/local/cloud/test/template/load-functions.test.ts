// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders look the same
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAssembly } from '../../src/template/load-assembly.ts';
import { inDirectory, stackOf, writeAssembly } from '../../src/testing/assembly.ts';
import { arn, role } from './harness.ts';

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
  ])('are rejected with the reason: %#', (resources, message) => {
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
