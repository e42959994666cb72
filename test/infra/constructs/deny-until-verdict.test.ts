/** Who may do what to an object, by its tag: AWS's own evaluation of the bucket's policy. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { denyUntilVerdict } from '../../../infra/constructs/deny-until-verdict.ts';
import { VirusTotalConnector } from '../../../infra/constructs/virustotal-connector.ts';
import { synthesise } from '../synthesise.ts';

const ACCOUNT = '111122223333';
const BUCKET = 'arn:aws:s3:::uploads';
const connector = `arn:aws:iam::${ACCOUNT}:role/connector-submit-file`;
const person = `arn:aws:iam::${ACCOUNT}:role/analyst`;

const resourcePolicy = {
  Version: '2012-10-17',
  Statement: denyUntilVerdict({ bucketArn: BUCKET, roleArns: [connector] }).map((statement) =>
    statement.toJSON(),
  ),
};

/** Allows everyone every S3 action, so that only the bucket's policy restricts. */
async function decide(principal: string, action: string, contextVariables: Record<string, string>) {
  const response = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource: `${BUCKET}/incoming/a.bin`, accountId: ACCOUNT },
        contextVariables: { 'aws:PrincipalArn': principal, ...contextVariables },
      },
      identityPolicies: [
        {
          name: 'all',
          policy: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
          },
        },
      ],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    {},
  );
  if (response.resultType === 'error') throw new Error(JSON.stringify(response.errors));
  return response.overallResult;
}

const has = (verdict: string) => ({ 's3:ExistingObjectTag/virustotal-verdict': verdict });
const presets = (verdict: string) => ({ 's3:RequestObjectTag/virustotal-verdict': verdict });

describe.each(['s3:GetObject', 's3:GetObjectVersion'])('%s', (action) => {
  test.each([
    ['clean', 'Allowed'],
    ['malicious', 'ExplicitlyDenied'],
    ['suspicious', 'ExplicitlyDenied'],
    ['unknown', 'ExplicitlyDenied'],
    ['pending', 'ExplicitlyDenied'],
    ['skipped', 'ExplicitlyDenied'],
    ['Clean', 'ExplicitlyDenied'],
  ])('of what is %s is %s to a person', async (verdict, decision) => {
    expect(await decide(person, action, has(verdict))).toBe(decision);
  });

  test('of what has no tag is denied to a person, and allowed to the connector', async () => {
    expect(await decide(person, action, {})).toBe('ExplicitlyDenied');
    expect(await decide(connector, action, {})).toBe('Allowed');
    expect(await decide(connector, action, has('malicious'))).toBe('Allowed');
  });
});

describe.each([
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersionTagging',
  's3:ReplicateTags',
])('%s', (action) => {
  test('is the connector’s alone, whatever the tags', async () => {
    expect(await decide(person, action, has('clean'))).toBe('ExplicitlyDenied');
    expect(await decide(person, action, {})).toBe('ExplicitlyDenied');
    expect(await decide(connector, action, {})).toBe('Allowed');
  });
});

/**
 * What S3 decides of an upload: with tags it asks for two actions
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html).
 */
async function decideUpload(principal: string, tags: Record<string, string>) {
  const context = Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value]),
  );
  const actions = [
    's3:PutObject',
    ...(Object.keys(tags).length > 0 ? ['s3:PutObjectTagging'] : []),
  ];
  const decisions = await Promise.all(actions.map((action) => decide(principal, action, context)));
  return decisions.find((decision) => decision !== 'Allowed') ?? 'Allowed';
}

describe('an upload', () => {
  test('without tags is everybody’s', async () => {
    expect(await decideUpload(person, {})).toBe('Allowed');
  });

  test.each([
    ['the verdict preset', { 'virustotal-verdict': 'clean' }],
    ['another verdict preset', { 'virustotal-verdict': 'malicious' }],
    ['the verdict among others', { team: 'soc', 'virustotal-verdict': 'clean' }],
    ['only other tags', { team: 'soc' }],
  ])('with %s is the connector’s alone', async (_, tags) => {
    expect(await decideUpload(person, tags)).toBe('ExplicitlyDenied');
    expect(await decideUpload(connector, tags)).toBe('Allowed');
  });

  test('with the verdict preset is denied for itself, not only for its tagging', async () => {
    expect(await decide(person, 's3:PutObject', presets('clean'))).toBe('ExplicitlyDenied');
  });
});

test('replication reads nothing, whatever the tags: S3 tells it none', async () => {
  const action = 's3:GetObjectVersionForReplication';
  expect(await decide(person, action, {})).toBe('ExplicitlyDenied');
  expect(await decide(person, action, has('clean'))).toBe('ExplicitlyDenied');
});

test('what tells nothing of the content is left alone', async () => {
  for (const action of ['s3:GetObjectTagging', 's3:GetObjectAcl', 's3:RestoreObject']) {
    expect(await decide(person, action, has('malicious'))).toBe('Allowed');
  }
});

test('deleting and listing are not restricted', async () => {
  expect(await decide(person, 's3:DeleteObject', {})).toBe('Allowed');
  expect(await decide(person, 's3:DeleteObjectVersion', {})).toBe('Allowed');
});

const SIDS = [
  'DenyReadWithoutCleanVerdict',
  'DenyReplication',
  'DenyTagging',
  'DenyUploadWithVerdict',
];

/** Our statements of each bucket's policy, by the logical id of the bucket. */
function sidsOf(template: Template): Record<string, string[]> {
  const policies = Object.values(template.findResources('AWS::S3::BucketPolicy'));
  const all = policies.map(({ Properties }) => {
    const sids = Properties.PolicyDocument.Statement.map(({ Sid }: { Sid?: string }) => Sid);
    return [Properties.Bucket.Ref, sids.filter((sid: string) => SIDS.includes(sid))];
  });
  return Object.fromEntries(all.filter(([, sids]) => sids.length > 0));
}

const UPLOADS = expect.stringMatching(/^VirusTotalConnectorUploadBucket/);

describe('in the stack', () => {
  test('the statements are there when they are asked for, and only then', () => {
    const { template } = synthesise({ denyUntilVerdict: 'true' });
    expect(Object.entries(sidsOf(template))).toEqual([[UPLOADS, SIDS]]);
    expect(sidsOf(synthesise().template)).toEqual({});
  }, 90_000);

  test.each([
    ['upload', { uploadBucketName: 'uploads' }],
    ['scanned', { scanBucketArns: 'arn:aws:s3:::uploads' }],
  ])(
    'an imported %s bucket is refused, with the statements to add',
    (_, context) => {
      expect(() => synthesise({ denyUntilVerdict: 'true', ...context })).toThrow(
        /the bucket uploads is imported(.|\n)*"DenyReadWithoutCleanVerdict"(.|\n)*ARN_OF_THE_ROLE_OF_SubmitFile(.|\n)*"arn:aws:s3:::uploads\/\*"/,
      );
    },
    60_000,
  );

  test('imported buckets are taken when their owner has added the statements', () => {
    const scanBucketArns = 'arn:aws:s3:::one-bucket';
    const { template } = synthesise({ denyUntilVerdict: 'external', scanBucketArns });
    expect(Object.entries(sidsOf(template))).toEqual([[UPLOADS, SIDS]]);
  }, 60_000);
});

describe('a bucket of scanBucket', () => {
  function setUp(denyUntilVerdict?: boolean) {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'Stack');
    const connector = new VirusTotalConnector(stack, 'VirusTotalConnector', { denyUntilVerdict });
    const versioned = new Bucket(stack, 'Mine', { versioned: true });
    return { app, stack, connector, versioned, sids: () => sidsOf(Template.fromStack(stack)) };
  }
  const MINE = expect.stringMatching(/^Mine/);
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), 'Arn'] });

  test('gets the statements too, with the connector’s roles', () => {
    const { stack, connector, versioned, sids } = setUp(true);
    connector.scanBucket(versioned);
    expect(Object.entries(sids())).toEqual([
      [UPLOADS, SIDS],
      [MINE, SIDS],
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^Mine') },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'DenyReadWithoutCleanVerdict',
            Resource: { 'Fn::Join': ['', [arnOf('Mine'), '/*']] },
            Condition: Match.objectLike({
              ArnNotEquals: {
                'aws:PrincipalArn': [
                  arnOf('VirusTotalConnectorSubmitFileRole'),
                  arnOf('VirusTotalConnectorRecordVerdictRole'),
                ],
              },
            }),
          }),
        ]),
      },
    });
  }, 60_000);

  test('is left out, or alone in it, when it is said so', () => {
    const left = setUp(true);
    left.connector.scanBucket(left.versioned, { denyUntilVerdict: false });
    expect(Object.entries(left.sids())).toEqual([[UPLOADS, SIDS]]);
    const alone = setUp();
    alone.connector.scanBucket(alone.versioned, { denyUntilVerdict: true });
    expect(Object.entries(alone.sids())).toEqual([[MINE, SIDS]]);
  }, 90_000);

  test('without versions is rejected with the reason', () => {
    const { stack, connector } = setUp(true);
    const plain = new Bucket(stack, 'Plain');
    expect(() => connector.scanBucket(plain, { denyUntilVerdict: 'external' })).toThrow(
      /the bucket Stack\/Plain is not versioned/,
    );
  }, 60_000);

  test('that is imported is refused, unless its owner has added the statements', () => {
    const { stack, connector } = setUp(true);
    const imported = Bucket.fromBucketName(stack, 'Imported', 'somebody-elses');
    const other = Bucket.fromBucketName(stack, 'Other', 'other-bucket');
    expect(() => connector.scanBucket(imported)).toThrow(
      /somebody-elses is imported(.|\n)*external(.|\n)*"arn:aws:s3:::somebody-elses\/\*"/,
    );
    expect(() => connector.scanBucket(other, { denyUntilVerdict: 'external' })).not.toThrow();
  }, 60_000);

  test('of another stack is refused, since neither stack would come first', () => {
    const { app, connector } = setUp(true);
    const elsewhere = new Bucket(new Stack(app, 'Elsewhere'), 'Bucket', { versioned: true });
    expect(() => connector.scanBucket(elsewhere)).toThrow(
      /the bucket Elsewhere\/Bucket belongs to another stack(.|\n)*NAME_OF_THE_BUCKET/,
    );
  }, 60_000);
});

test('an upload bucket without versions is rejected with the reason', () => {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');
  const uploadBucket = new Bucket(stack, 'Plain');
  const make = () =>
    new VirusTotalConnector(stack, 'Connector', { uploadBucket, denyUntilVerdict: true });
  expect(make).toThrow(/the bucket Stack\/Plain is not versioned/);
}, 60_000);
