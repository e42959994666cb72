/** Bucket policy statements that deny access to objects without a clean verdict. */
import { Stack, Token } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { VERDICT_TAG } from '../../shared/uploads/record/tags.ts';
import { ConfigurationError } from '../config.ts';
import { partitionOf } from './deployment-target.ts';

/**
 * Whether a bucket gets the statements. With `external`, owners of buckets whose policy CDK cannot change have
 * added the statements themselves; other buckets get them as with `true`.
 */
export type DenyUntilVerdict = boolean | 'external';

/** Bucket and exempt roles. */
export interface DenyUntilVerdictProps {
  /** ARN of the bucket, which must be versioned. */
  readonly bucketArn: string;
  /** ARNs of the connector's roles, which read scanned objects and write their tags. */
  readonly roleArns: readonly string[];
}

/**
 * Returns the statements. They deny everyone but the connector's roles to read an object without the tag
 * `virustotal-verdict=clean`, to change or remove tags, and to upload an object that already has the tag. Tags
 * belong to a version, so a new version over a clean one is denied again.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html for the condition
 * keys of each action
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
    // StringNotEquals also matches a missing tag.
    deny('DenyReadWithoutCleanVerdict', ['s3:GetObject', 's3:GetObjectVersion'], {
      StringNotEquals: { [`s3:ExistingObjectTag/${VERDICT_TAG}`]: 'clean' },
    }),
    // Replication reads before there is a verdict, and S3 does not evaluate tags for it.
    deny('DenyReplication', ['s3:GetObjectVersionForReplication'], {}),
    deny(
      'DenyTagging',
      [
        's3:PutObjectTagging',
        's3:PutObjectVersionTagging',
        's3:DeleteObjectTagging',
        's3:DeleteObjectVersionTagging',
        // A replica would bring its own tags, possibly a verdict.
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
    ? 'is imported, so CDK cannot change its policy'
    : // This stack refers to the bucket, so a bucket policy that refers to this stack's roles would be a cycle.
      'belongs to another stack, whose policy cannot refer to roles of this one';
  throw new ConfigurationError(refusal(bucket, why, Object.keys(roles)));
}

/**
 * Adds the statements.
 *
 * @returns false if CDK cannot change the bucket's policy
 * @throws ConfigurationError if the bucket is not versioned
 */
function isAdded(bucket: IBucket, roles: readonly IRole[]): boolean {
  const roleArns = roles.map(({ roleArn }) => roleArn);
  for (const statement of denyUntilVerdict({ bucketArn: bucket.bucketArn, roleArns })) {
    if (!bucket.addToResourcePolicy(statement).statementAdded) return false;
  }
  const resource = bucket.node.defaultChild;
  if (resource instanceof CfnBucket && !isVersioned(resource)) {
    throw new ConfigurationError(
      `denyUntilVerdict: the bucket ${nameOf(bucket)} is not versioned, but verdicts belong to versions; create it with versioned: true`,
    );
  }
  return true;
}

function isVersioned(bucket: CfnBucket): boolean {
  const versioning: unknown = Stack.of(bucket).resolve(bucket.versioningConfiguration);
  return (
    typeof versioning === 'object' &&
    versioning !== null &&
    'status' in versioning &&
    versioning.status === 'Enabled'
  );
}

/** The bucket's name, or its construct path while the name is unresolved. */
function nameOf({ bucketName, node }: IBucket): string {
  return Token.isUnresolved(bucketName) ? node.path : bucketName;
}

function refusal(bucket: IBucket, why: string, functions: readonly string[]): string {
  const name = Token.isUnresolved(bucket.bucketName) ? 'NAME_OF_THE_BUCKET' : bucket.bucketName;
  const partition = partitionOf(bucket);
  const arn = `arn:${partition ?? 'aws'}:s3:::${name}`;
  const isPrinted = Token.isUnresolved(bucket.bucketArn);
  const statements = denyUntilVerdict({
    bucketArn: isPrinted ? arn : bucket.bucketArn,
    roleArns: functions.map((id) => `ARN_OF_THE_ROLE_OF_${id}`),
  });
  const policy = statements.map((statement) => statement.toJSON());
  return [
    `denyUntilVerdict: the bucket ${nameOf(bucket)} ${why}.`,
    'First deploy without denyUntilVerdict, which creates the roles. Then enable versioning on the bucket and add these statements to its policy.',
    'Finally deploy with denyUntilVerdict set to external instead of true.',
    ...(isPrinted && partition === undefined
      ? [
          'Synthesis does not know the Region; in China or GovCloud, write aws-cn or aws-us-gov instead of aws.',
        ]
      : []),
    JSON.stringify(policy, null, 2),
  ].join('\n');
}
