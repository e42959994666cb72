/** The CDK's own rules, over each kind of setting. Other tests leave them out: loading them takes seconds. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createConnectorApp } from '../../../infra/connector-app.ts';
import { contextNames } from '../../docs/context-names.ts';
import { writeOwnTriggersApp } from '../../support/own-triggers.ts';
import { synthesise } from '../synthesise.ts';

const TIMEOUT_MS = 180_000;

beforeEach(() => {
  vi.stubEnv('CDK_VALIDATION', 'true');
  return () => vi.unstubAllEnvs();
});

const account = '123456789012';
const key = `arn:aws:kms:eu-west-1:${account}:key/11111111-2222-3333-4444-555555555555`;

const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'the defaults': {},
  'everything created': {
    accountLogRole: 'create',
    apiKeySecretKmsKeyArn: key,
    uploadBucketKmsKeyArn: key,
    denyUntilVerdict: 'true',
    quarantine: 'true',
    quarantineRetentionDays: '7',
    failOnError: 'true',
    scanPrefixes: 'in/',
    scanSuffixes: '.exe',
    scanMinBytes: '1',
    scanMaxBytes: '1000',
    reportRetentionDays: '7',
    quotaPerMinute: '1000',
    quotaPerDay: '50000',
    quotaPerMonth: 'none',
    interactiveShare: '0.5',
    cacheHours: '0',
    logRetentionDays: '90',
  },
  'everything imported': {
    serverUrl: 'http://proxy.example.net/vt',
    apiKeySecretArn: `arn:aws:secretsmanager:eu-west-1:${account}:secret:virustotal`,
    verifySsl: 'false',
    tier: 'premium',
    upload: 'if-unknown',
    maxReportAgeDays: '7',
    httpSubmissionMaxBytes: '1000000',
    verdictPolicy: '{ "preset": "strict" }',
    apiAuth: 'api-key',
    accountLogRole: 'existing',
    uploadBucketName: 'samples-of-ours',
    uploadBucketKmsKeyArn: key,
    readBucketNames: 'inbox, mail.attachments',
    readBucketKmsKeyArns: key,
    scanBucketArns: 'arn:aws:s3:::one-bucket',
    scanBucketKmsKeyArns: key,
    denyUntilVerdict: 'external',
    eventBusName: 'verdicts',
    virusTotalUserId: 'someone',
  },
};

it.each(Object.entries(settings))(
  'accept the stack with %s',
  (_, context) => {
    expect(() => synthesise({ ...context, 'aws:cdk:bundling-stacks': [] })).not.toThrow();
  },
  TIMEOUT_MS,
);

it(
  'accept the triggers that the README shows',
  async () => {
    // In the repository, where the app finds its modules.
    const parent = join(import.meta.dirname, '../../../.local');
    await mkdir(parent, { recursive: true });
    const directory = await mkdtemp(join(parent, 'synth-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    vi.stubEnv('CDK_OUTDIR', join(directory, 'assembly'));
    await import(await writeOwnTriggersApp(directory));
    expect(await readdir(directory)).toContain('assembly');
  },
  TIMEOUT_MS,
);

it('have been tried with every setting', () => {
  const tried = new Set(Object.values(settings).flatMap((context) => Object.keys(context)));
  expect([...tried].sort()).toEqual(contextNames().sort());
});

it(
  'refuse a value that CloudFormation does not take',
  () => {
    const { app, stack } = createConnectorApp({ context: { 'aws:cdk:bundling-stacks': [] } });
    const bucket = new CfnBucket(stack, 'Planted');
    bucket.addPropertyOverride('AccessControl', 'Everyone');
    expect(() => app.synth()).toThrow(/ERROR Properties: .* \(CloudFormation Validate\)/);
  },
  TIMEOUT_MS,
);
