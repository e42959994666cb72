/**
 * What IAM and the services with resource policies refuse, and grants of actions that do not exist.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
 */
import {
  type ValidationError,
  validateIdentityPolicy,
  validateResourcePolicy,
  validateTrustPolicy,
} from '@cloud-copilot/iam-policy';
import { actionProblem, appliesToObjects } from './iam-actions.ts';
import { type Finding, itemsOf, type JsonFields, jsonFields, type Resource } from './refusal.ts';

/** A policy in a template. */
interface PolicyKind {
  readonly name: string;
  /** Property of the resource. */
  readonly property: string;
  readonly validate: (policy: unknown) => ValidationError[];
  /** Most bytes without white space. */
  readonly maxBytes: number;
}

const identity = { name: 'identity policy', validate: validateIdentityPolicy };
const ofResource = { name: 'resource policy', validate: validateResourcePolicy };
const trust: PolicyKind = {
  name: 'trust policy',
  property: 'AssumeRolePolicyDocument',
  validate: validateTrustPolicy,
  maxBytes: 2_048,
};

/** The policies of resources, by type. */
const kinds: Readonly<Record<string, PolicyKind>> = {
  'AWS::IAM::Policy': { ...identity, property: 'PolicyDocument', maxBytes: 10_240 },
  'AWS::IAM::ManagedPolicy': { ...identity, property: 'PolicyDocument', maxBytes: 6_144 },
  'AWS::IAM::Role': trust,
  'AWS::KMS::Key': { ...ofResource, property: 'KeyPolicy', maxBytes: 32_768 },
  'AWS::S3::BucketPolicy': { ...ofResource, property: 'PolicyDocument', maxBytes: 20_480 },
  'AWS::SecretsManager::ResourcePolicy': {
    ...ofResource,
    property: 'ResourcePolicy',
    maxBytes: 20_480,
  },
  'AWS::SNS::TopicPolicy': { ...ofResource, property: 'PolicyDocument', maxBytes: 30_720 },
  'AWS::SQS::QueuePolicy': { ...ofResource, property: 'PolicyDocument', maxBytes: 8_192 },
};

/** Operators of conditions; they may end in IfExists, and begin with a set operator. */
const OPERATORS =
  /^(?:(?:ForAllValues|ForAnyValue):)?(?:(?:String(?:Equals|NotEquals|EqualsIgnoreCase|NotEqualsIgnoreCase|Like|NotLike)|Numeric(?:Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Date(?:Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Bool|BinaryEquals|IpAddress|NotIpAddress|Arn(?:Equals|Like|NotEquals|NotLike))(?:IfExists)?|Null)$/;
const ARN = /^(?:\*|arn:[\w*?-]+:[\w*?-]*:[\w*?-]*:[\d*?]*:.+)$/s;
const SID = /^[A-Za-z0-9]*$/;
const SERVICE = /^[\w.-]+\.amazonaws\.com(?:\.cn)?$/;
const AWS_PRINCIPAL =
  /^(?:\*|\d{12}|arn:[\w-]+:(?:iam|sts)::\d{12}:(?:root|(?:role|user|assumed-role|federated-user)\/.+)|A[A-Z0-9]{15,})$/;

/** Whether a resource has a policy. */
export function hasPolicy({ type }: Resource): boolean {
  return type in kinds;
}

/** Returns what is wrong with the policies of a resource. */
export function policyFindings({ type, properties }: Resource): Finding[] {
  const kind = kinds[type];
  if (kind === undefined) return [];
  const inline = itemsOf(properties.Policies).map((one) => jsonFields(one).PolicyDocument);
  const inlineKind = { ...identity, property: 'Policies', maxBytes: 10_240 };
  return [
    ...documentFindings(kind, properties[kind.property], type),
    ...inline.flatMap((policy) => documentFindings(inlineKind, policy, type)),
  ];
}

function documentFindings(kind: PolicyKind, policy: unknown, type: string): Finding[] {
  const { name, maxBytes, validate } = kind;
  const bytes = Buffer.byteLength(JSON.stringify(policy) ?? '');
  const statements = itemsOf(jsonFields(policy).Statement).map(jsonFields);
  const findings: Finding[] = [
    ...validate(policy).map(({ path, message }) => ({
      rule: 'PolicySyntax',
      message: `${path}: ${message}`,
    })),
    ...(bytes > maxBytes
      ? [{ rule: 'PolicySize', message: `it has ${bytes} bytes; allowed: ${maxBytes}` }]
      : []),
    ...statements.flatMap((statement, index) =>
      statementFindings(kind, statement).map(({ rule, message }) => ({
        rule,
        message: `Statement[${index}]: ${message}`,
      })),
    ),
    ...(type === 'AWS::S3::BucketPolicy' ? statements.flatMap(bucketFindings) : []),
  ];
  return findings.map(({ rule, message }) => ({ rule, message: `${name}: ${message}` }));
}

/** Checks of one statement: each returns a message for every fault. */
const checks: readonly (readonly [
  string,
  (kind: PolicyKind, statement: JsonFields) => string[],
])[] = [
  ['PolicySid', sidMessages],
  [
    'PolicyActions',
    (kind, statement) => actionsOf(statement).flatMap((action) => actionMessages(kind, action)),
  ],
  ['PolicyResources', (_, statement) => resourceMessages(statement)],
  ['PolicyConditions', (_, statement) => conditionMessages(statement)],
  ['PolicyPrincipals', (kind, statement) => (isIdentity(kind) ? [] : principalMessages(statement))],
];

function statementFindings(kind: PolicyKind, statement: JsonFields): Finding[] {
  return checks.flatMap(([rule, find]) =>
    find(kind, statement).map((message) => ({ rule, message })),
  );
}

const isIdentity = ({ validate }: PolicyKind) => validate === validateIdentityPolicy;

/** Services with resource policies take any text. */
function sidMessages(kind: PolicyKind, { Sid: sid = '' }: JsonFields): string[] {
  return isIdentity(kind) && !SID.test(String(sid))
    ? [`the Sid is "${String(sid)}"; allowed: letters and digits`]
    : [];
}

function actionsOf({ Action, NotAction }: JsonFields): string[] {
  return [...itemsOf(Action), ...itemsOf(NotAction)].map(String);
}

function actionMessages({ validate }: PolicyKind, action: string): string[] {
  const problem = actionProblem(action);
  if (problem !== undefined) return [`the action ${action}: ${problem}`];
  return validate === validateTrustPolicy && !action.startsWith('sts:')
    ? [`the action ${action}; allowed: actions of sts`]
    : [];
}

function resourceMessages({ Resource, NotResource }: JsonFields): string[] {
  return [...itemsOf(Resource), ...itemsOf(NotResource)]
    .map(String)
    .filter((arn) => !ARN.test(arn))
    .map((arn) => `the resource ${arn}; allowed: * or an ARN`);
}

function conditionMessages({ Condition }: JsonFields): string[] {
  return Object.keys(jsonFields(Condition))
    .filter((operator) => !OPERATORS.test(operator))
    .map((operator) => `the condition operator ${operator} does not exist`);
}

function principalMessages({ Principal: principal, NotPrincipal: others }: JsonFields): string[] {
  if (principal === undefined && others === undefined) return ['there is no principal'];
  const named = principal ?? others;
  if (typeof named === 'string')
    return named === '*' ? [] : [`the principal is ${named}; allowed: * or an object`];
  const check = (kind: string, allowed: RegExp) =>
    itemsOf(jsonFields(named)[kind])
      .map(String)
      .filter((value) => !allowed.test(value))
      .map((value) => `the ${kind} principal ${value} is none`);
  return [...check('Service', SERVICE), ...check('AWS', AWS_PRINCIPAL)];
}

/** S3: "Action does not apply to any resource(s) in statement". */
function bucketFindings(statement: JsonFields, index: number): Finding[] {
  const resources = itemsOf(statement.Resource).map(String);
  const hasObjects = resources.some((arn) => arn === '*' || arn.includes('/'));
  const hasBuckets = resources.some((arn) => arn === '*' || !arn.includes('/'));
  return itemsOf(statement.Action)
    .map(String)
    .filter((action) => {
      const isOfObjects = appliesToObjects(action);
      return isOfObjects !== undefined && !(isOfObjects ? hasObjects : hasBuckets);
    })
    .map((action) => ({
      rule: 'PolicyBucketResources',
      message: `Statement[${index}]: the action ${action} does not apply to any of its resources, ${resources.join(', ')}`,
    }));
}
