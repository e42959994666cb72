/** Who may do what to an object, by its tag: AWS's own evaluation of the bucket's policy. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, test } from 'vitest';
import { denyUntilVerdict } from '../../infra/constructs/deny-until-verdict.ts';
import { synthesise } from './synthesise.ts';

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

/** Everybody may do anything to S3, but for the bucket's policy. */
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
])('%s', (action) => {
  test('is the connector’s alone, whatever the tags', async () => {
    expect(await decide(person, action, has('clean'))).toBe('ExplicitlyDenied');
    expect(await decide(person, action, {})).toBe('ExplicitlyDenied');
    expect(await decide(connector, action, {})).toBe('Allowed');
  });
});

describe('s3:PutObject', () => {
  test('is everybody’s, unless the verdict is preset', async () => {
    expect(await decide(person, 's3:PutObject', {})).toBe('Allowed');
    expect(await decide(person, 's3:PutObject', { 's3:RequestObjectTag/team': 'soc' })).toBe(
      'Allowed',
    );
    expect(await decide(person, 's3:PutObject', presets('clean'))).toBe('ExplicitlyDenied');
    expect(await decide(person, 's3:PutObject', presets('malicious'))).toBe('ExplicitlyDenied');
    expect(await decide(connector, 's3:PutObject', presets('clean'))).toBe('Allowed');
  });
});

test('deleting and listing are nobody’s business here', async () => {
  expect(await decide(person, 's3:DeleteObject', {})).toBe('Allowed');
  expect(await decide(person, 's3:DeleteObjectVersion', {})).toBe('Allowed');
});

describe('in the stack', () => {
  const sidsOf = (context: Record<string, unknown>) => {
    const policies = synthesise(context).template.findResources('AWS::S3::BucketPolicy');
    return Object.values(policies).flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.map(({ Sid }: { Sid?: string }) => Sid),
    );
  };

  test('the statements are there when they are asked for, and only then', () => {
    const ours = ['DenyReadWithoutCleanVerdict', 'DenyTagging', 'DenyUploadWithVerdict'];
    expect(sidsOf({ denyUntilVerdict: 'true' })).toEqual(expect.arrayContaining(ours));
    expect(sidsOf({}).filter((sid) => ours.includes(sid))).toEqual([]);
  }, 60_000);

  test('an imported bucket is refused, with the statements to add', () => {
    const context = { denyUntilVerdict: 'true', uploadBucketName: 'uploads' };
    expect(() => synthesise(context)).toThrow(
      /imported(.|\n)*"DenyReadWithoutCleanVerdict"(.|\n)*ARN_OF_THE_ROLE_OF_SubmitFile/,
    );
  }, 60_000);
});
