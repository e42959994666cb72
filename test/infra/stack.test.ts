import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../infra/openapi/routes.ts';
import { operations } from '../../shared/operations/catalogue.ts';
import { propertiesOf, statementsOf, synthesise } from './synthesise.ts';

const ids = operations.map(({ id }) => id);
const helpers = [
  'ClassifyIndicators',
  'FindUnscanned',
  'KeepReport',
  'Quota',
  'RecordVerdict',
  'Submission',
];
const playbooks = [...ids, 'EnrichIndicators', 'ScanUpload', 'ScanExisting', 'ScanUrl'];
const lookups = ids.filter((id) => !id.startsWith('Submit'));
const uploadBucket = 'VirusTotalConnectorUploadBucket7E01EF52';
const bucketArn = { 'Fn::GetAtt': [uploadBucket, 'Arn'] };
const stateTable = 'VirusTotalConnectorStateTableC74C0B6B';
const playbookName = 'VirusTotalConnector-FD41AC82-SubmitFile';
/** ARN of something of Step Functions in the stack's account and Region. */
const statesArn = (resource: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':states:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:${resource}`,
    ],
  ],
});
const secret = { Ref: 'VirusTotalConnectorApiKeySecret084AA3D8' };

let template: Template;
let warnings: readonly string[];

beforeAll(() => {
  ({ template, warnings } = synthesise());
});

describe('functions', () => {
  it('are the six of the catalogue, and those that playbooks and the API need', () => {
    const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
    expect(functions.map((id) => id.replace(/Function[0-9A-F]{8}$/, '')).sort()).toEqual(
      [...ids, ...helpers].map((id) => `VirusTotalConnector${id}`).sort(),
    );
  });

  it.each(ids)('%s runs Node.js 24 on arm64, traced, with JSON logs in its own group', (id) => {
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((name) =>
      name.startsWith(`VirusTotalConnector${id}LogGroup`),
    );
    expect(propertiesOf(template, 'AWS::Lambda::Function', id)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: logGroup } },
    });
  });

  it.each(ids.filter((id) => id !== 'SubmitFile'))(
    '%s has 256 MiB and 30 s, one second more than the gateway waits',
    (id) => {
      expect(propertiesOf(template, 'AWS::Lambda::Function', id)).toMatchObject({
        MemorySize: 256,
        Timeout: 30,
      });
    },
  );

  it('SubmitFile has 512 MiB and 15 min', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'SubmitFile')).toMatchObject({
      MemorySize: 512,
      Timeout: 900,
    });
  });

  const account = {
    STATE_TABLE: { Ref: stateTable },
    VIRUSTOTAL_TIER: 'public',
    VIRUSTOTAL_INTERACTIVE_SHARE: '0.25',
  };
  const common = {
    VIRUSTOTAL_SERVER_URL: 'https://www.virustotal.com',
    VIRUSTOTAL_API_KEY_SECRET_ARN: secret,
    VIRUSTOTAL_VERIFY_SSL: 'true',
    STACK_NAME: 'VirusTotalConnector',
    ...account,
    VIRUSTOTAL_CACHE_HOURS: '24',
  };
  const reputation = { ...common, VIRUSTOTAL_VERDICT_POLICY: 'balanced' };
  it.each([
    [
      'SubmitFile',
      {
        ...common,
        UPLOAD_BUCKET: { Ref: uploadBucket },
        VIRUSTOTAL_MAX_REPORT_AGE_DAYS: '30',
        SUBMIT_FILE_STATE_MACHINE_ARN: statesArn(`stateMachine:${playbookName}`),
        HTTP_SUBMISSION_MAX_BYTES: '32000000',
      },
    ],
    ['SubmitUrl', common],
    ['FileReputation', reputation],
    ['IpReputation', reputation],
    ['DomainReputation', reputation],
    ['UrlReputation', reputation],
    ['Quota', account],
    ['Submission', { SUBMIT_FILE_STATE_MACHINE_ARN: statesArn(`stateMachine:${playbookName}`) }],
  ])('%s knows what it needs from its environment, and nothing else', (id, variables) => {
    const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', id);
    expect(Environment).toEqual({ Variables: variables });
  });
});

describe('permissions', () => {
  const allow = (actions: string | string[], resource: unknown) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resource,
  });
  const basic = (id: string) => {
    const [logGroup = ''] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter(
      (name) => name.startsWith(`VirusTotalConnector${id}LogGroup`),
    );
    return [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], { 'Fn::GetAtt': [logGroup, 'Arn'] }),
      allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*'),
    ];
  };
  /** Only the items of the quota. */
  const ofQuota = {
    ...allow(
      ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      { 'Fn::GetAtt': [stateTable, 'Arn'] },
    ),
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['quota#*', 'report#*'] } },
  };
  const upstream = (id: string) => [
    ...basic(id),
    allow('secretsmanager:GetSecretValue', secret),
    ofQuota,
  ];

  const claims = (keys: string) => ({
    ...allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      { 'Fn::GetAtt': [stateTable, 'Arn'] },
    ),
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] } },
  });

  it.each(lookups)(
    '%s may write its log and traces, read the API key, and keep the quota',
    (id) => {
      expect(statementsOf(template, id)).toEqual(upstream(id));
    },
  );

  it('SubmitFile may also read the upload bucket, claim in the state table, and start its playbook', () => {
    expect(statementsOf(template, 'SubmitFile')).toEqual([
      ...upstream('SubmitFile'),
      claims('object#*'),
      allow('states:StartExecution', statesArn(`stateMachine:${playbookName}`)),
      allow(['s3:GetObject', 's3:GetObjectVersion'], { 'Fn::Join': ['', [bucketArn, '/*']] }),
      allow('s3:ListBucket', bucketArn),
      allow(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'], {
        'Fn::GetAtt': [expect.stringMatching(/^VirusTotalConnectorTriggerDeadLetterQueue/), 'Arn'],
      }),
    ]);
  });

  it('SubmitUrl may also claim URLs in the state table', () => {
    expect(statementsOf(template, 'SubmitUrl')).toEqual([
      ...upstream('SubmitUrl'),
      claims('url#*'),
    ]);
  });

  it('Submission may look up executions of that playbook, and nothing else', () => {
    expect(statementsOf(template, 'Submission')).toEqual([
      ...basic('Submission'),
      allow('states:DescribeExecution', statesArn(`execution:${playbookName}:*`)),
    ]);
  });

  it('the playbook has the name that both know, so that neither refers to it', () => {
    const { StateMachineName } = propertiesOf(
      template,
      'AWS::StepFunctions::StateMachine',
      'PlaybooksSubmitFile',
    );
    expect(StateMachineName).toBe(playbookName);
  });

  it('Quota may also read the items of the quota', () => {
    expect(statementsOf(template, 'Quota')).toEqual([
      ...basic('Quota'),
      {
        ...allow('dynamodb:BatchGetItem', { 'Fn::GetAtt': [stateTable, 'Arn'] }),
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['quota#*'] } },
      },
    ]);
  });

  it.each([...ids, 'Submission', 'Quota'])(
    'the role of %s has that one policy, and is for Lambda alone',
    (id) => {
      const role = propertiesOf(template, 'AWS::IAM::Role', id);
      expect(role.ManagedPolicyArns).toBeUndefined();
      expect(role.Policies).toBeUndefined();
      expect(role.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'lambda.amazonaws.com' },
        },
      ]);
    },
  );

  it.each(routes)('only $route.method $route.path of the API may invoke $id', (operation) => {
    const permission = propertiesOf(template, 'AWS::Lambda::Permission', operation.id);
    const path = operation.route.path.replace(/\{.*\}/, '*');
    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    });
    expect(permission.SourceArn['Fn::Join'][1].at(-1)).toBe(`/v1/${operation.route.method}${path}`);
  });
});

describe('data', () => {
  it('logs are kept for 30 days', () => {
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    // One for each function, and that of the playbooks.
    expect(groups).toHaveLength(ids.length + helpers.length + 1);
    for (const group of groups) {
      expect(group).toMatchObject({
        Properties: { RetentionInDays: 30 },
        DeletionPolicy: 'Delete',
      });
    }
  });

  it('the secret has no value, so that no random one passes for a key', () => {
    const properties = propertiesOf(template, 'AWS::SecretsManager::Secret');
    expect(Object.keys(properties)).toEqual(['Description']);
  });

  it('the state table is on demand, recoverable, sweeps what has expired, and goes with the stack', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  it('the upload bucket is versioned, encrypted, private, and outlives the stack', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LifecycleConfiguration: {
          Rules: [
            { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
          ],
        },
      },
    });
    template.resourceCountIs('AWS::S3::Bucket', 2);
  });

  it('the upload bucket refuses requests without TLS, or with one before 1.2', () => {
    const deny = (Condition: unknown) => ({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: [bucketArn, { 'Fn::Join': ['', [bucketArn, '/*']] }],
      Condition,
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: uploadBucket },
      PolicyDocument: {
        Statement: [
          deny({ Bool: { 'aws:SecureTransport': 'false' } }),
          deny({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
        ],
      },
    });
  });
});

describe('API', () => {
  it('has one throttled stage, whose segments and logs record no URL that is looked up', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'v1',
      TracingEnabled: false,
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          DataTraceEnabled: false,
          ThrottlingRateLimit: 50,
          ThrottlingBurstLimit: 100,
        },
      ],
      AccessLogSetting: Match.absent(),
    });
  });

  it('leaves the logging role of the account alone', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  it('is named after the stack, so that the console tells the APIs of an account apart', () => {
    const { Name } = propertiesOf(template, 'AWS::ApiGateway::RestApi');
    expect(Name).toMatch(/^VirusTotalConnector-Api-[0-9A-F]{8}$/);
  });

  it('is regional', () => {
    expect(propertiesOf(template, 'AWS::ApiGateway::RestApi').EndpointConfiguration).toEqual({
      Types: ['REGIONAL'],
    });
  });

  it('has no API key and no usage plan', () => {
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 0);
    template.resourceCountIs('AWS::ApiGateway::UsagePlan', 0);
  });
});

describe('contract', () => {
  it('has these outputs and no other', () => {
    const { Outputs } = template.toJSON();
    expect(Object.keys(Outputs).sort()).toEqual(
      [
        'ApiUrl',
        'UploadBucketName',
        'ReportBucketName',
        'ApiKeySecretArn',
        ...ids.map((id) => `${id}FunctionArn`),
        ...playbooks.map((name) => `${name}StateMachineArn`),
      ].sort(),
    );
    expect(Outputs.UploadBucketName.Value).toEqual({ Ref: uploadBucket });
    expect(Outputs.ApiKeySecretArn.Value).toEqual(secret);
    expect(Outputs.ApiUrl.Value['Fn::Join'][1].at(-1)).toBe('/v1');
    for (const id of ids) {
      expect(Outputs[`${id}FunctionArn`].Value['Fn::GetAtt'][0]).toMatch(
        new RegExp(`^VirusTotalConnector${id}Function[0-9A-F]{8}$`),
      );
    }
  });

  it('keeps its logical ids: another id means a new bucket, secret or function', () => {
    expect(Object.keys(normalised(template).Resources).sort()).toMatchSnapshot();
  });

  it('is as it was', () => {
    expect(normalised(template)).toMatchSnapshot();
  });

  it('warns of nothing', () => {
    expect(warnings).toEqual([]);
  });
});

/** The template without what changes with every build. */
function normalised(of: Template) {
  const text = JSON.stringify(of.toJSON())
    .replaceAll(/[0-9a-f]{64}/g, '<asset>')
    .replaceAll(/(RestApiDeployment[0-9A-F]{8})[0-9a-f]{32}/g, '$1<hash>')
    .replaceAll(/"aws:asset:path":"[^"]*"/g, '"aws:asset:path":"<asset>"');
  return JSON.parse(text);
}
