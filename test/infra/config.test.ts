import { describe, expect, it } from 'vitest';
import { ConfigurationError, parseContext } from '../../infra/config.ts';
import { isSentInClear } from '../../infra/server-url.ts';

function messageOf(context: Record<string, unknown>): string {
  try {
    parseContext(context);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('the context was taken');
}

describe('parseContext', () => {
  it('has a default for everything', () => {
    expect(parseContext({})).toEqual({
      serverUrl: 'https://www.virustotal.com',
      verifySsl: true,
      tier: 'public',
      maxReportAgeDays: 30,
      apiAuth: 'iam',
      readBucketNames: [],
      logRetentionDays: 30,
    });
  });

  it('reads the text of the command line', () => {
    expect(
      parseContext({
        serverUrl: 'vt.example.net/prefix',
        verifySsl: 'false',
        tier: 'premium',
        upload: 'never',
        maxReportAgeDays: '0',
        readBucketNames: 'one-bucket, two.buckets',
        logRetentionDays: '365',
      }),
    ).toMatchObject({
      serverUrl: 'vt.example.net/prefix',
      verifySsl: false,
      tier: 'premium',
      upload: 'never',
      maxReportAgeDays: 0,
      readBucketNames: ['one-bucket', 'two.buckets'],
      logRetentionDays: 365,
    });
  });

  it('reads the JSON of cdk.json', () => {
    expect(
      parseContext({ verifySsl: false, maxReportAgeDays: 7, readBucketNames: ['one-bucket'] }),
    ).toMatchObject({ verifySsl: false, maxReportAgeDays: 7, readBucketNames: ['one-bucket'] });
  });

  it('leaves the names of the CDK alone', () => {
    expect(() =>
      parseContext({
        'aws:cdk:enable-path-metadata': true,
        '@aws-cdk/core:checkSecretUsage': true,
        'availability-zones:account=1:region=eu-west-1': [],
        'cli-telemetry': false,
      }),
    ).not.toThrow();
  });

  it('names every misspelt name and every bad value at once, and what is allowed', () => {
    const message = messageOf({ Tier: 'public', tier: 'gold', verifySsl: 'no', apiAuth: '' });
    expect(message.split('\n')).toEqual([
      'bad CDK context:',
      '  Tier: unknown name; allowed: serverUrl, apiKeySecretArn, apiKeySecretKmsKeyArn, verifySsl, tier, upload, maxReportAgeDays, apiAuth, uploadBucketName, uploadBucketKmsKeyArn, readBucketNames, logRetentionDays',
      '  verifySsl: got "no"; allowed: true or false',
      '  tier: got "gold"; allowed: public or premium',
      '  apiAuth: got ""; allowed: iam or api-key',
    ]);
  });

  it.each([
    ['serverUrl', 'ftp://vt.example.net'],
    ['serverUrl', 'https://user:pass@vt.example.net'],
    ['serverUrl', 'https://vt.example.net/?x=1'],
    ['serverUrl', ''],
    ['apiKeySecretArn', 'my-secret'],
    ['apiKeySecretKmsKeyArn', 'alias/key'],
    ['verifySsl', 1],
    ['upload', 'sometimes'],
    ['maxReportAgeDays', '-1'],
    ['maxReportAgeDays', '3651'],
    ['maxReportAgeDays', 1.5],
    ['maxReportAgeDays', ''],
    ['uploadBucketName', 'Capital'],
    ['uploadBucketKmsKeyArn', 'arn:aws:kms:eu-west-1:1:key/x'],
    ['readBucketNames', 'one-bucket,,two'],
    ['logRetentionDays', '31'],
  ])('refuses %s %j', (name, value) => {
    expect(messageOf({ [name]: value })).toMatch(
      new RegExp(`^bad CDK context:\\n {2}${name}: got .+; allowed: .+$`),
    );
  });

  it('is not fooled by the names of an object', () => {
    expect(messageOf(JSON.parse('{"__proto__":"x","constructor":"y"}'))).toMatch(
      /__proto__: unknown name.*\n {2}constructor: unknown name/,
    );
  });
});

describe('isSentInClear', () => {
  it.each([
    ['http://vt.example.net', true],
    ['http://127.0.0.1.example.net', true],
    ['http://10.0.0.1', true],
    ['https://vt.example.net', false],
    ['http://127.0.0.1:8080', false],
    ['http://localhost', false],
    ['http://[::1]:8080', false],
  ])('%s: %s', (url, expected) => {
    expect(isSentInClear(new URL(url))).toBe(expected);
  });
});
