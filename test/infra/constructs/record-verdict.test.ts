import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VirusTotalConnector } from '../../../infra/constructs/virustotal-connector.ts';
import { propertiesOf, statementsOf, synthesise } from '../synthesise.ts';

let template: Template;

beforeAll(() => {
  ({ template } = synthesise());
});

const arnOf = (id: string) => ({
  'Fn::GetAtt': [expect.stringMatching(`^VirusTotalConnector${id}`), 'Arn'],
});
const below = (id: string, path: string) => ({ 'Fn::Join': ['', [arnOf(id), path]] });

it('knows the report bucket, the bus and the table, and has a minute', () => {
  expect(propertiesOf(template, 'AWS::Lambda::Function', 'RecordVerdict')).toMatchObject({
    Timeout: 60,
    Environment: {
      Variables: {
        REPORT_BUCKET: { Ref: expect.stringMatching(/^VirusTotalConnectorReportBucket/) },
        EVENT_BUS_NAME: 'default',
        STATE_TABLE: { Ref: expect.stringMatching(/^VirusTotalConnectorStateTable/) },
      },
    },
  });
});

describe('the executions that may have outcomes recorded', () => {
  it('may be described, those of ScanUpload alone', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies
      .filter(({ Properties: { Roles } }) => JSON.stringify(Roles).includes('RecordVerdictRole'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => String(Action).startsWith('states:'));
    const machine = {
      'Fn::GetAtt': [expect.stringMatching(/PlaybooksScanUploadStateMachine/), 'Name'],
    };
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: 'states:DescribeExecution',
        Resource: { 'Fn::Join': ['', expect.arrayContaining([':execution:', machine, ':*'])] },
      },
    ]);
  });

  it('have ARNs that begin with the logical id of ScanUpload, without referring to it', () => {
    const [[logicalId] = []] = Object.entries(
      template.findResources('AWS::StepFunctions::StateMachine'),
    ).filter(([id]) => id.includes('ScanUpload'));
    const { Environment } = Object(
      propertiesOf(template, 'AWS::Lambda::Function', 'RecordVerdict'),
    );
    expect(Environment.Variables.SCAN_UPLOAD_EXECUTIONS).toEqual({
      'Fn::Join': ['', expect.arrayContaining([`:execution:${logicalId}-`])],
    });
  });

  it('have ARNs that only IAM tells apart if the logical id is too long for a name', () => {
    const stack = new Stack(new App(), 'Stack');
    new VirusTotalConnector(new Construct(stack, 'A'.repeat(60)), 'Connector');
    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
    const [, record] = Object.entries(functions).find(([id]) => id.includes('RecordVerdict')) ?? [];
    const { SCAN_UPLOAD_EXECUTIONS } = record?.Properties.Environment.Variables ?? {};
    expect(JSON.stringify(SCAN_UPLOAD_EXECUTIONS)).toMatch(/:execution:"\]\]\}$/);
  });
});

it('may write only reports of uploads, records, events with its source, tags, and failures', () => {
  const [, , ...own] = statementsOf(template, 'RecordVerdict');
  expect(own).toEqual([
    { Effect: 'Allow', Action: 's3:PutObject', Resource: below('ReportBucket', '/uploads/*') },
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Resource: arnOf('StateTable'),
    },
    {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: { 'Fn::Join': ['', expect.arrayContaining([':event-bus/default'])] },
      Condition: {
        'ForAllValues:StringEquals': { 'events:source': 'virustotal-connector' },
        Null: { 'events:source': 'false' },
      },
    },
    // For what fails when the rule on ended executions calls it.
    {
      Effect: 'Allow',
      Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
      Resource: arnOf('TriggerDeadLetterQueue'),
    },
    {
      Effect: 'Allow',
      Action: [
        's3:GetObjectTagging',
        's3:GetObjectVersionTagging',
        's3:PutObjectTagging',
        's3:PutObjectVersionTagging',
      ],
      Resource: below('UploadBucket', '/*'),
    },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: arnOf('UploadBucket') },
  ]);
});

it('has reports kept for a year, versioned, encrypted, private, beyond the stack', () => {
  const properties = propertiesOf(template, 'AWS::S3::Bucket', 'ReportBucket');
  expect(properties).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    LifecycleConfiguration: {
      Rules: [
        { ExpirationInDays: 365, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
        { ExpiredObjectDeleteMarker: true },
      ],
    },
  });
  const buckets = Object.values(template.findResources('AWS::S3::Bucket'));
  for (const bucket of buckets) expect(bucket.DeletionPolicy).toBe('RetainExceptOnCreate');
});

describe('with quarantine', () => {
  let own: Template;

  beforeAll(() => {
    own = synthesise({ quarantine: 'true', quarantineRetentionDays: '7' }).template;
  });

  it('has a locked bucket beyond the stack, and says which', () => {
    expect(propertiesOf(own, 'AWS::S3::Bucket', 'QuarantineBucket')).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 7 } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    expect(own.toJSON().Outputs.QuarantineBucketName).toBeDefined();
  });

  it('lets the function copy there, and delete versions of uploads, in 15 min', () => {
    const statements = statementsOf(own, 'RecordVerdict');
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectTagging'],
      Resource: below('QuarantineBucket', '/*'),
    });
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: [
        's3:DeleteObjectVersion',
        's3:GetObjectTagging',
        's3:GetObjectVersion',
        's3:GetObjectVersionTagging',
        's3:PutObjectTagging',
        's3:PutObjectVersionTagging',
      ],
      Resource: below('UploadBucket', '/*'),
    });
    expect(propertiesOf(own, 'AWS::Lambda::Function', 'RecordVerdict')).toMatchObject({
      Timeout: 900,
      MemorySize: 1024,
      Environment: {
        Variables: {
          QUARANTINE_BUCKET: { Ref: expect.stringMatching(/^VirusTotalConnectorQuarantineBucket/) },
        },
      },
    });
  });
});
