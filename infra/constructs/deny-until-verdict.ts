/** Keeps everybody from what has no clean verdict: statements of a bucket's policy. */
import { Stack, Token } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { VERDICT_TAG } from '../../shared/uploads/record/tags.ts';
import { ConfigurationError } from '../config.ts';

/**
 * Whether a bucket has the statements. `external`: added as with `true`, but a bucket whose policy CDK
 * cannot change has them from its owner.
 */
export type DenyUntilVerdict = boolean | 'external';

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
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html which action
 * knows which tags
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
    // It reads at once, before there is a verdict, and S3 tells it nothing of tags.
    deny('DenyReplication', ['s3:GetObjectVersionForReplication'], {}),
    deny(
      'DenyTagging',
      [
        's3:PutObjectTagging',
        's3:PutObjectVersionTagging',
        's3:DeleteObjectTagging',
        's3:DeleteObjectVersionTagging',
        // A replica from elsewhere would bring its tags, and a verdict among them.
        's3:ReplicateTags',
      ],
      {},
    ),
    deny('DenyUploadWithVerdict', ['s3:PutObject'], {
      Null: { [`s3:RequestObjectTag/${VERDICT_TAG}`]: 'false' },
    }),
  ];
}

/** Which bucket gets the statements, and how. */
export interface ApplyDenyUntilVerdictProps {
  /** Whether. */
  readonly denyUntilVerdict: DenyUntilVerdict;
  /** The connector's own roles, by the name of the function. */
  readonly roles: Readonly<Record<string, IRole>>;
}

/**
 * Adds the statements to a bucket's policy.
 *
 * @throws ConfigurationError for a bucket without versions; and, unless `external`, one that holds the
 * statements, for a bucket whose policy CDK cannot change: it is imported, or of another stack
 */
export function applyDenyUntilVerdict(
  bucket: IBucket,
  { denyUntilVerdict: whether, roles }: ApplyDenyUntilVerdictProps,
): void {
  if (!whether) return;
  const isOfThisStack = Object.values(roles).every((role) => Stack.of(role) === Stack.of(bucket));
  if (isOfThisStack && isAdded(bucket, Object.values(roles))) return;
  if (whether === 'external') return;
  const why = isOfThisStack
    ? 'is imported, and CDK cannot change its policy'
    : // This stack names the bucket already; were the bucket's policy to name its roles, neither came first.
      'is of another stack, whose policy cannot name roles of this one';
  throw new ConfigurationError(refusal(bucket, why, Object.keys(roles)));
}

/** @returns whether CDK can change the bucket's policy @throws ConfigurationError when it keeps no versions */
function isAdded(bucket: IBucket, roles: readonly IRole[]): boolean {
  const roleArns = roles.map(({ roleArn }) => roleArn);
  for (const statement of denyUntilVerdict({ bucketArn: bucket.bucketArn, roleArns })) {
    if (!bucket.addToResourcePolicy(statement).statementAdded) return false;
  }
  const resource = bucket.node.defaultChild;
  if (resource instanceof CfnBucket && !isVersioned(resource)) {
    throw new ConfigurationError(
      `denyUntilVerdict: the bucket ${nameOf(bucket)} keeps no versions, to which verdicts belong; create it with versioned: true`,
    );
  }
  return true;
}

function isVersioned(bucket: CfnBucket): boolean {
  const given: unknown = Stack.of(bucket).resolve(bucket.versioningConfiguration);
  return (
    typeof given === 'object' && given !== null && 'status' in given && given.status === 'Enabled'
  );
}

/** Its name, or its place in the tree while the name is not known. */
function nameOf({ bucketName, node }: IBucket): string {
  return Token.isUnresolved(bucketName) ? node.path : bucketName;
}

function refusal(bucket: IBucket, why: string, functions: readonly string[]): string {
  const name = Token.isUnresolved(bucket.bucketName) ? 'NAME_OF_THE_BUCKET' : bucket.bucketName;
  const statements = denyUntilVerdict({
    bucketArn: Token.isUnresolved(bucket.bucketArn) ? `arn:aws:s3:::${name}` : bucket.bucketArn,
    roleArns: functions.map((id) => `ARN_OF_THE_ROLE_OF_${id}`),
  });
  const policy = statements.map((statement) => statement.toJSON());
  return [
    `denyUntilVerdict: the bucket ${nameOf(bucket)} ${why}.`,
    'Deploy without denyUntilVerdict, which makes the roles; switch versioning on, and add these statements to its policy.',
    'Then say that it has them: denyUntilVerdict is external instead of true.',
    JSON.stringify(policy, null, 2),
  ].join('\n');
}
