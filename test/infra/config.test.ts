import { describe, expect, it } from 'vitest';
import { ConfigurationError, parseContext } from '../../infra/config.ts';

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
      interactiveShare: 0.25,
      cacheHours: 24,
      maxReportAgeDays: 30,
      httpSubmissionMaxBytes: 32_000_000,
      verdictPolicy: 'balanced',
      apiAuth: 'iam',
      accountLogRole: 'none',
      readBucketNames: [],
      readBucketKmsKeyArns: [],
      scanPrefixes: [],
      scanSuffixes: [],
      scanBucketArns: [],
      scanBucketKmsKeyArns: [],
      denyUntilVerdict: false,
      failOnError: false,
      quarantine: false,
      quarantineRetentionDays: 30,
      reportRetentionDays: 365,
      logRetentionDays: 30,
    });
  });

  it('reads budgets as numbers, text or none', () => {
    const budgets = { quotaPerMinute: '1000', quotaPerDay: 50_000, quotaPerMonth: 'none' };
    expect(parseContext({ ...budgets, interactiveShare: '0.5' })).toMatchObject({
      quotaPerMinute: 1_000,
      quotaPerDay: 50_000,
      quotaPerMonth: 'none',
      interactiveShare: 0.5,
    });
    const message = messageOf({ quotaPerMinute: 0, quotaPerDay: '-1', interactiveShare: '1' });
    expect(message).toContain(
      'quotaPerMinute: got 0; allowed: requests, a whole number from 1, or none',
    );
    expect(message).toContain('quotaPerDay: got "-1"');
    expect(message).toContain('interactiveShare: got "1"; allowed: a number from 0 to 0.9999');
  });

  it('reads the text of the command line', () => {
    expect(
      parseContext({
        serverUrl: 'vt.example.net/prefix',
        verifySsl: 'false',
        tier: 'premium',
        upload: 'never',
        maxReportAgeDays: '0',
        httpSubmissionMaxBytes: '681574400',
        readBucketNames: 'one-bucket, two.buckets',
        scanPrefixes: 'in/, b',
        scanSuffixes: '.exe',
        scanMinBytes: '1',
        scanMaxBytes: '681574400',
        scanBucketArns: 'arn:aws:s3:::one-bucket',
        eventBusName: 'security/verdicts',
        reportRetentionDays: '30',
        logRetentionDays: '365',
      }),
    ).toMatchObject({
      serverUrl: 'vt.example.net/prefix',
      verifySsl: false,
      tier: 'premium',
      upload: 'never',
      maxReportAgeDays: 0,
      httpSubmissionMaxBytes: 681_574_400,
      readBucketNames: ['one-bucket', 'two.buckets'],
      scanPrefixes: ['in/', 'b'],
      scanSuffixes: ['.exe'],
      scanMinBytes: 1,
      scanMaxBytes: 681_574_400,
      scanBucketArns: ['arn:aws:s3:::one-bucket'],
      eventBusName: 'security/verdicts',
      reportRetentionDays: 30,
      logRetentionDays: 365,
    });
  });

  it('reads the JSON of cdk.json', () => {
    expect(
      parseContext({ verifySsl: false, maxReportAgeDays: 7, readBucketNames: ['one-bucket'] }),
    ).toMatchObject({ verifySsl: false, maxReportAgeDays: 7, readBucketNames: ['one-bucket'] });
  });

  it.each([
    ['strict', 'strict'],
    ['{ "preset": "strict" }', '{"preset":"strict"}'],
    [{ ip: { veto: ['Alpha'] } }, '{"ip":{"veto":["Alpha"]}}'],
  ])('reads the verdict policy %j, and keeps it as the functions read it', (given, text) => {
    expect(parseContext({ verdictPolicy: given }).verdictPolicy).toBe(text);
  });

  it.each([
    [
      'lenient',
      'verdictPolicy: got "lenient"; allowed: Verdict policy: a preset (balanced, aggregate, strict, conservative)',
    ],
    ['{', 'verdictPolicy: got "{"; allowed: a preset\'s name, or valid JSON of a policy'],
    [
      { ip: { malicious: { count: 0 } } },
      'verdictPolicy.ip.malicious.count: got the number 0; allowed: Number of engines, an integer from 1 to 200',
    ],
    [7, 'verdictPolicy: got the number 7; allowed: Verdict policy'],
  ])('names the place in the verdict policy %j that is bad', (given, message) => {
    expect(messageOf({ verdictPolicy: given })).toContain(`invalid CDK context:\n  ${message}`);
  });

  it('refuses a verdict policy that the environment of a function cannot hold', () => {
    const allow = (number: number) =>
      Array.from({ length: number }, (_, n) => ({ ip: `192.0.2.${n}`, reason: 'x'.repeat(60) }));
    expect(() => parseContext({ verdictPolicy: { allow: allow(30) } })).not.toThrow();
    expect(messageOf({ verdictPolicy: { allow: allow(40) } })).toMatch(
      /verdictPolicy: the policy has 3[0-9]{3} bytes as JSON; allowed: 3000, because Lambda limits/,
    );
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
      'invalid CDK context:',
      '  Tier: unknown setting; allowed: serverUrl, apiKeySecretArn, apiKeySecretKmsKeyArn, verifySsl, tier, quotaPerMinute, quotaPerDay, quotaPerMonth, interactiveShare, virusTotalUserId, cacheHours, upload, maxReportAgeDays, httpSubmissionMaxBytes, verdictPolicy, apiAuth, accountLogRole, uploadBucketName, uploadBucketKmsKeyArn, readBucketNames, readBucketKmsKeyArns, scanPrefixes, scanSuffixes, scanMinBytes, scanMaxBytes, scanBucketArns, scanBucketKmsKeyArns, denyUntilVerdict, quarantine, quarantineRetentionDays, failOnError, eventBusName, reportRetentionDays, logRetentionDays',
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
    ['httpSubmissionMaxBytes', '0'],
    ['httpSubmissionMaxBytes', 681_574_401],
    ['httpSubmissionMaxBytes', '32MB'],
    ['uploadBucketName', 'Capital'],
    ['uploadBucketKmsKeyArn', 'arn:aws:kms:eu-west-1:1:key/x'],
    ['readBucketNames', 'one-bucket,,two'],
    ['scanPrefixes', ''],
    ['scanMaxBytes', '-1'],
    ['scanMinBytes', 'small'],
    ['scanBucketArns', 'one-bucket'],
    ['readBucketKmsKeyArns', 'alias/key'],
    ['scanBucketKmsKeyArns', ['arn:aws:kms:eu-west-1:123456789012:alias/key']],
    ['accountLogRole', true],
    ['denyUntilVerdict', 'imported'],
    ['failOnError', 'never'],
    ['logRetentionDays', '31'],
  ])('refuses %s %j', (name, value) => {
    expect(messageOf({ [name]: value })).toMatch(
      new RegExp(`^invalid CDK context:\\n {2}${name}: got .+; allowed: .+$`),
    );
  });

  it('is not fooled by the names of an object', () => {
    expect(messageOf(JSON.parse('{"__proto__":"x","constructor":"y"}'))).toMatch(
      /__proto__: unknown setting.*\n {2}constructor: unknown setting/,
    );
  });
});
