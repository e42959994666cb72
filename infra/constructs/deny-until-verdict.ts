/** Keeps everybody from what has no clean verdict: statements of a bucket's policy. */
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ConfigurationError } from '../config.ts';

/** The tag that the connector's record writes. */
const VERDICT_TAG = 'virustotal-verdict';

/** What the statements are about. */
export interface DenyUntilVerdictProps {
  /** ARN of the bucket; it has to keep versions. */
  readonly bucketArn: string;
  /** ARNs of the connector's own roles, which read what is scanned and write its tags. */
  readonly roleArns: readonly string[];
}

/**
 * The statements: nobody but the connector's roles reads an object without the tag
 * `virustotal-verdict=clean`, writes or removes an object's tags, or uploads an object that has the
 * tag already. The tag belongs to a version, so a version that is put over a clean one is denied again.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
 */
export function denyUntilVerdict({
  bucketArn,
  roleArns,
}: DenyUntilVerdictProps): PolicyStatement[] {
  const others = { ArnNotEquals: { 'aws:PrincipalArn': roleArns } };
  const deny = (sid: string, actions: string[], conditions: Record<string, unknown>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [`${bucketArn}/*`],
      conditions: { ...others, ...conditions },
    });
  return [
    // A tag that is not there is not equal either.
    deny('DenyReadWithoutCleanVerdict', ['s3:GetObject', 's3:GetObjectVersion'], {
      StringNotEquals: { [`s3:ExistingObjectTag/${VERDICT_TAG}`]: 'clean' },
    }),
    deny(
      'DenyTagging',
      [
        's3:PutObjectTagging',
        's3:PutObjectVersionTagging',
        's3:DeleteObjectTagging',
        's3:DeleteObjectVersionTagging',
      ],
      {},
    ),
    deny('DenyUploadWithVerdict', ['s3:PutObject'], {
      Null: { [`s3:RequestObjectTag/${VERDICT_TAG}`]: 'false' },
    }),
  ];
}

/**
 * Adds the statements to a bucket's policy.
 *
 * @param roles - the connector's own, by the name of the function
 * @throws ConfigurationError that holds the statements, for an imported bucket: its policy is its owner's
 */
export function applyDenyUntilVerdict(
  bucket: IBucket,
  roles: Readonly<Record<string, IRole>>,
): void {
  const roleArns = Object.values(roles).map(({ roleArn }) => roleArn);
  for (const statement of denyUntilVerdict({ bucketArn: bucket.bucketArn, roleArns })) {
    if (!bucket.addToResourcePolicy(statement).statementAdded) {
      throw new ConfigurationError(refusal(bucket.bucketName, Object.keys(roles)));
    }
  }
}

function refusal(bucketName: string, functions: readonly string[]): string {
  const statements = denyUntilVerdict({
    bucketArn: `arn:aws:s3:::${bucketName}`,
    roleArns: functions.map((name) => `ARN_OF_THE_ROLE_OF_${name}`),
  });
  const policy = statements.map((statement) => statement.toJSON());
  return [
    `denyUntilVerdict: the bucket ${bucketName} is imported, and CDK cannot change its policy.`,
    'Deploy without denyUntilVerdict, switch versioning on, and add these statements to its policy:',
    JSON.stringify(policy, null, 2),
  ].join('\n');
}
