import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { VirusTotalConnector } from '../../../infra/constructs/virustotal-connector.ts';
import { propertiesOf, synthesise } from '../synthesise.ts';

/** The functions that each playbook may call. */
const callsOf: Readonly<Record<string, readonly string[]>> = {
  SubmitFile: ['SubmitFile'],
  SubmitUrl: ['SubmitUrl'],
  FileReputation: ['FileReputation'],
  IpReputation: ['IpReputation'],
  DomainReputation: ['DomainReputation'],
  UrlReputation: ['UrlReputation'],
  EnrichIndicators: [
    'ClassifyIndicators',
    'FileReputation',
    'IpReputation',
    'DomainReputation',
    'UrlReputation',
    'KeepReport',
  ],
  ScanUpload: ['SubmitFile', 'FileReputation', 'RecordVerdict'],
  ScanUrl: ['SubmitUrl', 'UrlReputation'],
};

/** Starts another playbook, and lists and writes objects. */
const scanExisting = { ScanExisting: ['FindUnscanned'] };

let template: Template;

beforeAll(() => {
  ({ template } = synthesise());
});

it('the playbooks are these and no other', () => {
  const machines = Object.keys(template.findResources('AWS::StepFunctions::StateMachine'));
  expect(machines.map((id) => /Playbooks(.+)StateMachine/.exec(id)?.[1]).sort()).toEqual(
    Object.keys({ ...callsOf, ...scanExisting }).sort(),
  );
});

it('log under the prefix that takes no room in the account’s resource policy, by stack', () => {
  const names = ['One', 'Other'].map((id) => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), id);
    new VirusTotalConnector(stack, 'VirusTotalConnector');
    return propertiesOf(Template.fromStack(stack), 'AWS::Logs::LogGroup', 'PlaybooksLogGroup')
      .LogGroupName;
  });
  for (const name of names) expect(name).toMatch(/^\/aws\/vendedlogs\/states\/[\w-]{1,480}$/);
  expect(new Set(names).size).toBe(2);
}, 60_000);

describe.each(Object.keys({ ...callsOf, ...scanExisting }))('%s', (name) => {
  it('is traced, and logs its failures without the data of executions', () => {
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((id) =>
      id.startsWith('VirusTotalConnectorPlaybooksLogGroup'),
    );
    const machine = propertiesOf(
      template,
      'AWS::StepFunctions::StateMachine',
      `Playbooks${name}StateMachine`,
    );
    expect(machine.TracingConfiguration).toEqual({ Enabled: true });
    expect(machine.LoggingConfiguration).toEqual({
      Level: 'ERROR',
      IncludeExecutionData: false,
      Destinations: [
        { CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': [logGroup, 'Arn'] } } },
      ],
    });
    expect(machine.StateMachineType).toBeUndefined();
  });

  it('can be assumed by Step Functions alone', () => {
    const role = propertiesOf(template, 'AWS::IAM::Role', `Playbooks${name}StateMachineRole`);
    expect(role.AssumeRolePolicyDocument.Statement).toMatchObject([
      { Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } },
    ]);
    expect(role.ManagedPolicyArns).toBeUndefined();
  });
});

it.each(Object.entries(callsOf))(
  '%s may call %j, write logs and traces, and nothing else',
  (name, calls) => {
    const policy = propertiesOf(
      template,
      'AWS::IAM::Policy',
      `Playbooks${name}StateMachineRoleDefaultPolicy`,
    );
    const invoke = calls.map((id) => {
      const [logicalId] = Object.keys(template.findResources('AWS::Lambda::Function')).filter(
        (one) => one.startsWith(`VirusTotalConnector${id}Function`),
      );
      const arn = { 'Fn::GetAtt': [logicalId, 'Arn'] };
      return [arn, { 'Fn::Join': ['', [arn, ':*']] }];
    });
    const [first, second] = policy.PolicyDocument.Statement;
    expect(policy.PolicyDocument.Statement).toHaveLength(2);
    expect(first).toMatchObject({ Effect: 'Allow', Action: 'lambda:InvokeFunction' });
    expect(new Set(first.Resource)).toEqual(new Set(invoke.flat()));
    expect(second.Resource).toBe('*');
    for (const action of second.Action) expect(action).toMatch(/^(?:logs|xray):/);
  },
);

it('reports can be put under one prefix, and not read', () => {
  const policy = propertiesOf(template, 'AWS::IAM::Policy', 'KeepReportRole');
  const [bucket] = Object.keys(template.findResources('AWS::S3::Bucket')).filter((id) =>
    id.startsWith('VirusTotalConnectorReportBucket'),
  );
  const s3 = policy.PolicyDocument.Statement.filter(({ Action }: { Action: unknown }) =>
    String(Action).startsWith('s3:'),
  );
  expect(s3).toEqual([
    {
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/enrichments/*']] },
    },
  ]);
});

it('ScanExisting lists the scanned buckets, writes results, and starts ScanUpload and itself', () => {
  const { template: scanned } = synthesise({ scanBucketArns: 'arn:aws:s3:::inbox' });
  const policies = Object.entries(scanned.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.startsWith('VirusTotalConnectorPlaybooksScanExistingStateMachine'),
  );
  const statements = policies.flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement);
  const resourcesOf = (action: string) =>
    statements
      .filter(({ Action }) => [Action].flat().includes(action))
      .flatMap(({ Resource }) => [Resource].flat())
      .map((resource) => JSON.stringify(resource));
  expect(resourcesOf('s3:ListBucket').sort()).toEqual([
    '"arn:aws:s3:::inbox"',
    expect.stringContaining('UploadBucket'),
  ]);
  expect(resourcesOf('s3:PutObject')).toEqual([
    expect.stringMatching(/ReportBucket.*\/sweeps\/\*"/),
  ]);
  expect(resourcesOf('states:StartExecution').sort()).toEqual([
    expect.stringContaining('ScanExisting'),
    expect.stringContaining('ScanUpload'),
  ]);
  const actions = new Set(statements.flatMap(({ Action }) => [Action].flat()));
  expect([...actions].filter((action) => !/^(?:logs|xray):/.test(action)).sort()).toEqual([
    'events:DescribeRule',
    'events:PutRule',
    'events:PutTargets',
    'lambda:InvokeFunction',
    's3:AbortMultipartUpload',
    's3:GetObject',
    's3:ListBucket',
    's3:ListMultipartUploadParts',
    's3:PutObject',
    'states:DescribeExecution',
    'states:DescribeMapRun',
    'states:RedriveExecution',
    'states:StartExecution',
    'states:StopExecution',
  ]);
});
