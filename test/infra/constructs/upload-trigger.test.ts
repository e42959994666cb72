import { matches, objectCreatedEvent } from '@local/cloud/events';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { uploadPattern } from '../../../infra/constructs/upload-pattern.ts';
import { VirusTotalConnector } from '../../../infra/constructs/virustotal-connector.ts';
import type { ScanFilter } from '../../../shared/uploads/sweep/scan-filter.ts';
import { propertiesOf, synthesise } from '../synthesise.ts';

describe('uploadPattern', () => {
  const isScanned = (key: string, filter: ScanFilter, size = 5, bucket = 'bucket') => {
    const { detailType, ...pattern } = uploadPattern('bucket', filter);
    const event = objectCreatedEvent({
      bucket,
      key,
      size,
      etag: 'x',
      sequencer: '0',
      reason: 'PutObject',
      time: new Date(0),
    });
    return matches({ ...pattern, 'detail-type': detailType }, event);
  };

  it.each<[string, ScanFilter, boolean]>([
    ['any/key é.txt', {}, true],
    ['in/a.exe', { prefixes: ['in/', 'mail/'] }, true],
    ['out/a.exe', { prefixes: ['in/', 'mail/'] }, false],
    ['in/a.exe', { suffixes: ['.exe', '.dll'] }, true],
    ['in/a.txt', { suffixes: ['.exe', '.dll'] }, false],
    ['mail/a.dll', { prefixes: ['in/', 'mail/'], suffixes: ['.exe', '.dll'] }, true],
    ['in/a.txt', { prefixes: ['in/', 'mail/'], suffixes: ['.exe', '.dll'] }, false],
    ['out/a.exe', { prefixes: ['in/', 'mail/'], suffixes: ['.exe', '.dll'] }, false],
    ['a*b/c.exe', { prefixes: ['a*b/'], suffixes: ['.exe'] }, true],
    ['aXb/c.exe', { prefixes: ['a*b/'], suffixes: ['.exe'] }, false],
    ['a\\/c.exe', { prefixes: ['a\\/'], suffixes: ['.exe'] }, true],
    // Keys whose beginning and end share a part.
    ['logs/data.bin', { prefixes: ['logs/'], suffixes: ['/data.bin'] }, true],
    ['.exe', { prefixes: ['.exe'], suffixes: ['.exe'] }, true],
    ['aab', { prefixes: ['aa'], suffixes: ['aab'] }, true],
    ['logsdata.bin', { prefixes: ['logs/'], suffixes: ['/data.bin'] }, false],
  ])('%s under %j: %s', (key, filter, expected) => {
    expect(isScanned(key, filter)).toBe(expected);
  });

  it.each([
    [9, false],
    [10, true],
    [20, true],
    [21, false],
  ])('takes %i bytes of 10 to 20: %s', (size, expected) => {
    expect(isScanned('a', { minBytes: 10, maxBytes: 20 }, size)).toBe(expected);
  });

  it('takes one size alone', () => {
    const filter = { minBytes: 10, maxBytes: 10 };
    expect([9, 10, 11].map((size) => isScanned('a', filter, size))).toEqual([false, true, false]);
  });

  it.each<[ScanFilter, string]>([
    [{ maxBytes: 9_999_999_999 }, 'got 9999999999; allowed: 0 to 5000000000 bytes'],
    [{ minBytes: 11, maxBytes: 10 }, 'scanMinBytes: got 11; allowed: at most scanMaxBytes'],
    [
      {
        prefixes: Array.from({ length: 8 }, (_, n) => `prefix-${n}/`),
        suffixes: Array.from({ length: 8 }, (_, n) => `.suffix-${n}`),
      },
      'scanPrefixes and scanSuffixes: 8 prefixes and 8 suffixes make a pattern of',
    ],
  ])('refuses what EventBridge would: %j', (filter, message) => {
    expect(() => uploadPattern('bucket', filter)).toThrow(message);
  });

  it('takes no other bucket', () => {
    expect(isScanned('a', {}, 5, 'other')).toBe(false);
  });
});

describe('the default trigger', () => {
  const queue = 'VirusTotalConnectorTriggerDeadLetterQueue';
  const retry = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
  let template: Template;

  beforeAll(() => {
    ({ template } = synthesise());
  }, 90_000);

  const idOf = (type: string, prefix: string) =>
    Object.keys(template.findResources(type)).find((id) => id.startsWith(prefix));

  it('starts ScanUpload with each upload, tries for a day, and keeps what cannot be delivered', () => {
    const rule = propertiesOf(template, 'AWS::Events::Rule', 'TriggerUploadBucket');
    const bucket = { Ref: idOf('AWS::S3::Bucket', 'VirusTotalConnectorUploadBucket') };
    expect(rule.EventPattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [bucket] } },
    });
    const machine = idOf(
      'AWS::StepFunctions::StateMachine',
      'VirusTotalConnectorPlaybooksScanUpload',
    );
    expect(rule.Targets).toMatchObject([
      {
        Arn: { Ref: machine },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', queue), 'Arn'] } },
        RetryPolicy: retry,
      },
    ]);
    expect(rule.Targets[0].Input).toBeUndefined();
    const role = propertiesOf(
      template,
      'AWS::IAM::Policy',
      'PlaybooksScanUploadStateMachineEventsRoleDefaultPolicy',
    );
    expect(role.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: machine } },
    ]);
  });

  it('has executions that fail recorded, with the same care', () => {
    const rule = propertiesOf(template, 'AWS::Events::Rule', 'TriggerFailedScans');
    expect(rule.EventPattern.detail.status).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
    const record = idOf('AWS::Lambda::Function', 'VirusTotalConnectorRecordVerdictFunction');
    expect(rule.Targets).toMatchObject([
      {
        Arn: { 'Fn::GetAtt': [record, 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', queue), 'Arn'] } },
        RetryPolicy: retry,
      },
    ]);
  });

  it('keeps the events whose function failed each time', () => {
    const destination = { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', queue), 'Arn'] };
    for (const name of ['RecordVerdict', 'SubmitFile']) {
      const config = propertiesOf(template, 'AWS::Lambda::EventInvokeConfig', name);
      expect(config).toMatchObject({
        DestinationConfig: { OnFailure: { Destination: destination } },
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 21_600,
      });
    }
  });

  it('keeps what could not be delivered for 14 days, encrypted, over TLS alone', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'TriggerDeadLetterQueue')).toEqual({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    const policies = JSON.stringify(template.findResources('AWS::SQS::QueuePolicy'));
    expect(policies).toContain('"aws:SecureTransport":"false"');
  });

  it('switches EventBridge on by the property of the bucket, without a function for it', () => {
    const bucket = propertiesOf(template, 'AWS::S3::Bucket', 'UploadBucket');
    expect(bucket.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    template.resourceCountIs('Custom::S3BucketNotifications', 0);
  });
});

describe('other buckets', () => {
  it('by the context: filtered alike, readable, and with a warning to their owner', () => {
    const { template, warnings } = synthesise({
      uploadBucketName: 'somebody-elses',
      scanBucketArns: 'arn:aws:s3:::one-bucket',
      scanPrefixes: 'in/',
      scanSuffixes: '.exe',
      scanMaxBytes: '1000',
    });
    const { EventPattern } = propertiesOf(
      template,
      'AWS::Events::Rule',
      'TriggerVirusTotalConnector',
    );
    expect(EventPattern.detail).toEqual({
      bucket: { name: ['one-bucket'] },
      object: { key: [{ wildcard: 'in/*.exe' }], size: [{ numeric: ['<=', 1000] }] },
    });
    const policy = propertiesOf(template, 'AWS::IAM::Policy', 'SubmitFileRole');
    expect(JSON.stringify(policy)).toContain('arn:aws:s3:::one-bucket/*');
    for (const name of ['UploadBucket', 'ScanBucket-one-bucket']) {
      expect(warnings).toContainEqual(
        expect.stringMatching(new RegExp(`${name} is an imported bucket`)),
      );
    }
  }, 90_000);

  it('in one line of CDK, which switches EventBridge on', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'Stack');
    const connector = new VirusTotalConnector(stack, 'VirusTotalConnector');
    connector.scanBucket(new Bucket(stack, 'Mine'));
    const template = Template.fromStack(stack);
    const mine = Object.entries(template.findResources('AWS::S3::Bucket')).find(([id]) =>
      id.startsWith('Mine'),
    );
    expect(mine?.[1].Properties).toEqual({
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    propertiesOf(template, 'AWS::Events::Rule', 'TriggerStackMine');
  }, 90_000);

  it.each(['before', 'after'])(
    'keeps EventBridge on where the CDK writes notifications, added %s',
    (when) => {
      const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
      const stack = new Stack(app, 'Stack');
      const connector = new VirusTotalConnector(stack, 'VirusTotalConnector');
      const bucket = new Bucket(stack, 'Mine');
      const destination = new SqsDestination(new Queue(stack, 'Queue'));
      const notify = () => bucket.addEventNotification(EventType.OBJECT_REMOVED, destination);
      if (when === 'before') notify();
      connector.scanBucket(bucket);
      if (when === 'after') notify();
      const [written] = Object.values(
        Template.fromStack(stack).findResources('Custom::S3BucketNotifications'),
      );
      expect(written?.Properties.NotificationConfiguration).toMatchObject({
        EventBridgeConfiguration: {},
        QueueConfigurations: [{}],
      });
    },
    90_000,
  );

  it('takes buckets of any id, and of the same id in other scopes', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'Stack');
    const connector = new VirusTotalConnector(stack, 'VirusTotalConnector');
    const ids = ['UploadBucket', 'FailedScans', 'DeadLetterQueue'];
    for (const id of ids) connector.scanBucket(new Bucket(stack, id));
    for (const scope of ['A', 'B']) {
      connector.scanBucket(new Bucket(new Construct(stack, scope), 'Bucket'));
    }
    // And the upload bucket's rule, and that on failed scans.
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 7);
  }, 90_000);
});
