import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { propertiesOf, statementsOf, synthesise } from './synthesise.ts';

const account = '123456789012';
const secretArn = `arn:aws:secretsmanager:eu-west-1:${account}:secret:virustotal`;
const secretKey = `arn:aws:kms:eu-west-1:${account}:key/11111111-2222-3333-4444-555555555555`;
const bucketKey = `arn:aws:kms:eu-west-1:${account}:key/mrk-0123456789abcdef0123456789abcdef`;

/** A statement of the policy by its (first) action. */
function statement(template: Template, id: string, action: string, resource?: string) {
  return statementsOf(template, id).find(
    (one: { Action: string | string[]; Resource: unknown }) =>
      [one.Action].flat()[0] === action && (resource === undefined || one.Resource === resource),
  );
}

function s3Arn(path: string) {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${path}`]] };
}

function through(service: string) {
  // In the Region of the key.
  const name = { 'Fn::Join': ['', [`${service}.eu-west-1.`, { Ref: 'AWS::URLSuffix' }]] };
  return { StringEquals: { 'kms:ViaService': name } };
}

describe('with everything imported, and api-key', () => {
  let template: Template;
  let warnings: readonly string[];

  beforeAll(() => {
    ({ template, warnings } = synthesise({
      serverUrl: 'http://proxy.example.net/vt',
      apiKeySecretArn: secretArn,
      apiKeySecretKmsKeyArn: secretKey,
      verifySsl: 'false',
      tier: 'premium',
      upload: 'if-unknown',
      maxReportAgeDays: '7',
      httpSubmissionMaxBytes: '1000000',
      verdictPolicy: '{ "preset": "strict" }',
      apiAuth: 'api-key',
      uploadBucketName: 'samples-of-ours',
      uploadBucketKmsKeyArn: bucketKey,
      readBucketNames: 'inbox, mail.attachments',
      eventBusName: 'verdicts',
      reportRetentionDays: '7',
      logRetentionDays: '90',
    }));
  });

  it('creates neither secret nor bucket but that of the reports, and says which it uses', () => {
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(Object.keys(template.findResources('AWS::S3::Bucket'))).toEqual([
      expect.stringMatching(/^VirusTotalConnectorReportBucket/),
    ]);
    const { Outputs } = template.toJSON();
    expect(Outputs.ApiKeySecretArn.Value).toBe(secretArn);
    expect(Outputs.UploadBucketName.Value).toBe('samples-of-ours');
  });

  it('tells the functions', () => {
    const { Variables } = propertiesOf(template, 'AWS::Lambda::Function', 'SubmitFile').Environment;
    expect(Variables).toEqual({
      VIRUSTOTAL_SERVER_URL: 'http://proxy.example.net/vt',
      VIRUSTOTAL_API_KEY_SECRET_ARN: secretArn,
      VIRUSTOTAL_VERIFY_SSL: 'false',
      VIRUSTOTAL_TIER: 'premium',
      VIRUSTOTAL_CACHE_HOURS: '24',
      STACK_NAME: 'VirusTotalConnector',
      VIRUSTOTAL_INTERACTIVE_SHARE: '0.25',
      VIRUSTOTAL_UPLOAD: 'if-unknown',
      VIRUSTOTAL_MAX_REPORT_AGE_DAYS: '7',
      UPLOAD_BUCKET: 'samples-of-ours',
      STATE_TABLE: { Ref: 'VirusTotalConnectorStateTableC74C0B6B' },
      SUBMIT_FILE_STATE_MACHINE_ARN: expect.anything(),
      HTTP_SUBMISSION_MAX_BYTES: '1000000',
    });
    const ip = propertiesOf(template, 'AWS::Lambda::Function', 'IpReputation').Environment;
    expect(ip.Variables.VIRUSTOTAL_TIER).toBe('premium');
    expect(ip.Variables.VIRUSTOTAL_VERDICT_POLICY).toBe('{"preset":"strict"}');
  });

  it('grants the secret by its ARN and six wildcards, and decryption by its key', () => {
    for (const id of ['SubmitFile', 'UrlReputation']) {
      expect(statement(template, id, 'secretsmanager:GetSecretValue').Resource).toBe(
        `${secretArn}-??????`,
      );
      expect(statement(template, id, 'kms:Decrypt', secretKey).Condition).toEqual(
        through('secretsmanager'),
      );
    }
  });

  it('grants SubmitFile the imported bucket, the further ones, and decryption by its key', () => {
    const buckets = ['inbox', 'mail.attachments', 'samples-of-ours'];
    expect(statement(template, 'SubmitFile', 's3:GetObject').Resource).toEqual(
      buckets.map((name) => s3Arn(`${name}/*`)),
    );
    expect(statement(template, 'SubmitFile', 's3:ListBucket').Resource).toEqual(
      buckets.map((name) => s3Arn(name)),
    );
    expect(statement(template, 'SubmitFile', 'kms:Decrypt', bucketKey).Condition).toEqual(
      through('s3'),
    );
    expect(JSON.stringify(statementsOf(template, 'UrlReputation'))).not.toContain('s3');
  });

  it('has an API key in a throttled usage plan for the stage', () => {
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 1);
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1);
    expect(propertiesOf(template, 'AWS::ApiGateway::UsagePlan')).toMatchObject({
      Throttle: { RateLimit: 50, BurstLimit: 100 },
    });
  });

  it('says the id of the API key, by which its value can be read', () => {
    const [apiKey] = Object.keys(template.findResources('AWS::ApiGateway::ApiKey'));
    expect(template.toJSON().Outputs.ApiKeyId.Value).toEqual({ Ref: apiKey });
  });

  it('asks for the API key on every route', () => {
    const { Body } = propertiesOf(template, 'AWS::ApiGateway::RestApi');
    expect(Body.components.securitySchemes).toEqual({
      apiKey: { type: 'apiKey', name: 'x-api-key', in: 'header' },
    });
    for (const path of Object.values<Record<string, unknown>>(Body.paths)) {
      for (const method of Object.values(path)) {
        expect(method).toMatchObject({ security: [{ apiKey: [] }] });
        expect(method).not.toHaveProperty('x-amazon-apigateway-auth');
      }
    }
  });

  it('keeps logs as long as asked', () => {
    for (const group of Object.values(template.findResources('AWS::Logs::LogGroup'))) {
      expect(group.Properties.RetentionInDays).toBe(90);
    }
  });

  it('sends verdicts to the bus that is named, and keeps reports as long as asked', () => {
    const { Variables } = propertiesOf(
      template,
      'AWS::Lambda::Function',
      'RecordVerdict',
    ).Environment;
    expect(Variables.EVENT_BUS_NAME).toBe('verdicts');
    expect(JSON.stringify(statement(template, 'RecordVerdict', 'events:PutEvents'))).toContain(
      ':event-bus/verdicts',
    );
    const { Rules } = propertiesOf(
      template,
      'AWS::S3::Bucket',
      'ReportBucket',
    ).LifecycleConfiguration;
    expect(Rules[0]).toMatchObject({
      ExpirationInDays: 7,
      NoncurrentVersionExpiration: { NoncurrentDays: 7 },
    });
  });

  it('lets RecordVerdict tag the imported bucket, and not those that are only read', () => {
    const text = JSON.stringify(statementsOf(template, 'RecordVerdict'));
    expect(text).toContain(':s3:::samples-of-ours/*');
    expect(text).not.toContain('inbox');
    expect(statement(template, 'RecordVerdict', 'kms:Decrypt', bucketKey)).toBeDefined();
  });

  it('keeps the logical ids of what it shares with the default', () => {
    expect(Object.keys(template.toJSON().Resources)).toEqual(
      expect.arrayContaining([
        'VirusTotalConnectorSubmitFileFunction2F44D4B9',
        'VirusTotalConnectorApiRestApiD08DD554',
      ]),
    );
  });

  it('warns of plain http, of TLS that is not verified, and of an imported bucket without notifications', () => {
    expect(warnings).toEqual([
      expect.stringContaining('serverUrl http://proxy.example.net/vt is plain http'),
      expect.stringContaining('verifySsl is false'),
      expect.stringContaining('UploadBucket is an imported bucket'),
    ]);
  });
});

describe('with keys for what is created', () => {
  let template: Template;

  beforeAll(() => {
    ({ template } = synthesise({
      apiKeySecretKmsKeyArn: secretKey,
      uploadBucketKmsKeyArn: bucketKey,
    }));
  });

  it('encrypts secret and bucket by them', () => {
    expect(propertiesOf(template, 'AWS::SecretsManager::Secret').KmsKeyId).toBe(secretKey);
    expect(propertiesOf(template, 'AWS::S3::Bucket', 'UploadBucket').BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: bucketKey },
        },
      ],
    });
  });

  it('lets SubmitFile decrypt both, the others the secret alone', () => {
    expect(statement(template, 'SubmitFile', 'kms:Decrypt', bucketKey)).toBeDefined();
    expect(statement(template, 'SubmitFile', 'kms:Decrypt', secretKey)).toBeDefined();
    expect(statement(template, 'SubmitUrl', 'kms:Decrypt', secretKey)).toBeDefined();
    expect(statement(template, 'SubmitUrl', 'kms:Decrypt', bucketKey)).toBeUndefined();
  });
});

it('grants a secret of complete ARN by that ARN alone', () => {
  const { template } = synthesise({ apiKeySecretArn: `${secretArn}-AbC123` });
  expect(statement(template, 'SubmitUrl', 'secretsmanager:GetSecretValue').Resource).toBe(
    `${secretArn}-AbC123`,
  );
}, 60_000);
