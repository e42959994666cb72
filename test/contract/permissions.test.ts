/**
 * What the roles of the template allow, against what the stack does: local engines enforce no IAM, so
 * every AWS call that they saw is held against its caller's role by AWS's own rules.
 */

import type { AwsCall, LocalRole } from '@local/cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide, grantedActions } from '../support/permissions.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';
import { executionsOf, makeEveryCall, threshold } from './cases/every-call.ts';

let running: TestStack;
/** Calls of the stack's roles, those of state machines included. */
let calls: readonly AwsCall[];

beforeAll(async () => {
  running = await startTestStack({ isTriggered: true, speed: 10, environment: threshold });
  await makeEveryCall(running);
  const { roles } = running.stack;
  calls = [
    ...running.calls.calls.filter(({ principal }) => roles.has(principal)),
    ...invocations(),
  ];
}, STARTUP_MS);
afterAll(() => running.close());

/** What a role may do though the stack was not seen to do it, and why. */
const unseen: Readonly<Record<string, string>> = {
  'dynamodb:PutItem': 'only the first request of a stack begins the ledger of the quota',
  'dynamodb:DeleteItem': 'only a caller whose turn in the line has come gives up its place',
  's3:ListBucket': 'RecordVerdict: S3 says of an object that is gone that it is, to who may list',
  's3:GetObjectTagging': 'RecordVerdict: S3 may ask for it besides the action on the version',
  's3:PutObjectTagging': 'RecordVerdict: S3 may ask for it besides the action on the version',
  's3:GetObject': 'ScanExisting: Step Functions may read results that it has written',
  's3:ListMultipartUploadParts': 'ScanExisting: Step Functions writes long results in parts',
  's3:AbortMultipartUpload': 'ScanExisting: Step Functions writes long results in parts',
  'states:RedriveExecution': 'ScanExisting: comes with the distributed Map of the CDK',
  'sqs:SendMessage':
    'Lambda leaves in the dead-letter queue what failed, with the role of the function',
  'sqs:GetQueueAttributes': 'comes with the failure destination of the CDK',
  'sqs:GetQueueUrl': 'comes with the failure destination of the CDK',
  'logs:CreateLogStream': 'Lambda writes the log, with the role of the function',
  'logs:PutLogEvents': 'Lambda writes the log, with the role of the function',
  'xray:PutTraceSegments': 'Lambda and Step Functions trace, with the role',
  'xray:PutTelemetryRecords': 'Lambda and Step Functions trace, with the role',
  'xray:GetSamplingRules': 'Step Functions asks what to trace',
  'xray:GetSamplingTargets': 'Step Functions asks what to trace',
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
  'logs:CreateLogDelivery': 'Step Functions logs by a delivery, which has no resources',
  'logs:GetLogDelivery': 'Step Functions logs by a delivery, which has no resources',
  'logs:UpdateLogDelivery': 'Step Functions logs by a delivery, which has no resources',
  'logs:DeleteLogDelivery': 'Step Functions logs by a delivery, which has no resources',
  'logs:ListLogDeliveries': 'Step Functions logs by a delivery, which has no resources',
  'logs:PutResourcePolicy': 'Step Functions lets the delivery write to the log group',
  'logs:DescribeResourcePolicies': 'Step Functions lets the delivery write to the log group',
  'logs:DescribeLogGroups': 'Step Functions lets the delivery write to the log group',
};

it('was used wholly: every function ran, and every playbook came to its end', () => {
  const ran = new Set(calls.map(({ principal }) => principal));
  const idle = running.stack.functions.map(({ roleId }) => roleId).filter((id) => !ran.has(id));
  // It calls nothing.
  expect(idle.map(shortName).sort()).toEqual(['ClassifyIndicators']);
  const executions = executionsOf(running).map((arn) =>
    running.stateMachines.describeExecution(arn),
  );
  expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'SUCCEEDED'));
  const played = new Set(executions.map(({ stateMachineArn }) => stateMachineArn));
  expect(played.size).toBe(running.stack.stateMachines.length);
});

it('only the roles, the test and EventBridge make calls', () => {
  const others = running.calls.calls.filter(({ principal }) => !running.stack.roles.has(principal));
  const known = ['local', 'events.amazonaws.com'];
  expect(others.filter(({ principal }) => !known.includes(principal))).toEqual([]);
});

it('every call is allowed to the role that made it', async () => {
  expect(calls.length).toBeGreaterThan(40);
  const distinct = new Map(
    calls.flatMap(({ principal, action, resources }) =>
      resources.map((resource) => [
        `${principal} ${action} ${resource}`,
        { principal, action, resource },
      ]),
    ),
  );
  const denied: string[] = [];
  for (const [words, { principal, action, resource }] of distinct) {
    if ((await decide(role(principal), action, resource)) !== 'Allowed') denied.push(words);
  }
  expect(denied).toEqual([]);
});

it('no role may do more than was seen, except for a reason', () => {
  const idle = [...running.stack.roles.values()].flatMap((one) => {
    const seen = new Set(
      calls.filter(({ principal }) => principal === one.logicalId).map(({ action }) => action),
    );
    return grantedActions(one).filter((action) => !seen.has(action));
  });
  expect([...new Set(idle)].sort()).toEqual(Object.keys(unseen).sort());
});

describe('a role is refused what is not its own', () => {
  it.each([
    ['SubmitFile', 's3:GetObject', 'arn:aws:s3:::another-bucket/eicar.com'],
    ['SubmitFile', 's3:ListBucket', 'arn:aws:s3:::another-bucket'],
    ['SubmitFile', 's3:PutObject', 'UPLOAD/eicar.com'],
    ['SubmitFile', 's3:DeleteObject', 'UPLOAD/eicar.com'],
    ['SubmitFile', 's3:GetObject', 'REPORTS/enrichments/x.json'],
    ['SubmitFile', 'secretsmanager:PutSecretValue', 'SECRET'],
    ['SubmitFile', 'dynamodb:Scan', 'TABLE'],
    ['SubmitFile', 'dynamodb:PutItem', 'arn:aws:dynamodb:us-east-1:000000000000:table/another'],
    ['SubmitFile', 'states:StartExecution', 'MACHINE:ScanUpload'],
    ['SubmitFile', 'states:DescribeExecution', 'EXECUTION:SubmitFile'],
    ['Submission', 'states:StartExecution', 'MACHINE:SubmitFile'],
    ['Submission', 'states:StopExecution', 'EXECUTION:SubmitFile'],
    ['Submission', 'states:DescribeExecution', 'EXECUTION:ScanUpload'],
    ['Submission', 'secretsmanager:GetSecretValue', 'SECRET'],
    ['Submission', 's3:GetObject', 'UPLOAD/eicar.com'],
    ['Quota', 'dynamodb:GetItem', 'TABLE'],
    ['Quota', 'dynamodb:UpdateItem', 'TABLE'],
    ['Quota', 'dynamodb:PutItem', 'TABLE'],
    ['Quota', 'secretsmanager:GetSecretValue', 'SECRET'],
    ['FileReputation', 'states:StartExecution', 'MACHINE:SubmitFile'],
    ['SubmitUrl', 's3:GetObject', 'UPLOAD/eicar.com'],
    ['FileReputation', 's3:GetObject', 'UPLOAD/eicar.com'],
    ['FileReputation', 'dynamodb:GetItem', 'TABLE'],
    [
      'IpReputation',
      'secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:another-AbCdEf',
    ],
    ['UrlReputation', 'lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:000000000000:function:x'],
    ['KeepReport', 's3:GetObject', 'REPORTS/enrichments/x.json'],
    ['KeepReport', 's3:PutObject', 'REPORTS/elsewhere/x.json'],
    ['KeepReport', 'secretsmanager:GetSecretValue', 'SECRET'],
    ['ClassifyIndicators', 'secretsmanager:GetSecretValue', 'SECRET'],
    ['RecordVerdict', 's3:GetObject', 'UPLOAD/eicar.com'],
    ['RecordVerdict', 'states:DescribeExecution', 'EXECUTION:SubmitFile'],
    ['RecordVerdict', 'states:StopExecution', 'EXECUTION:ScanUpload'],
    ['RecordVerdict', 'states:StartExecution', 'MACHINE:ScanUpload'],
    ['RecordVerdict', 's3:DeleteObjectVersion', 'UPLOAD/eicar.com'],
    ['RecordVerdict', 's3:PutObject', 'REPORTS/enrichments/x.json'],
    ['RecordVerdict', 'dynamodb:DeleteItem', 'TABLE'],
    ['FindUnscanned', 's3:GetObject', 'UPLOAD/eicar.com'],
    ['FindUnscanned', 's3:PutObjectTagging', 'UPLOAD/eicar.com'],
    ['FindUnscanned', 's3:GetObjectTagging', 'REPORTS/uploads/x.json'],
    ['FindUnscanned', 's3:ListBucket', 'arn:aws:s3:::another-bucket'],
    ['FindUnscanned', 'states:StartExecution', 'MACHINE:ScanUpload'],
  ])('%s: %s on %s', async (name, action, place) => {
    const { outputs, tables, functions } = running.stack;
    const machine = (playbook: string) => outputs[`${playbook}StateMachineArn`] ?? '';
    const executionOf = (arn: string) => `${arn.replace(':stateMachine:', ':execution:')}:x`;
    const resource = place
      .replace(/^MACHINE:(.*)$/, (_, playbook) => machine(playbook))
      .replace(/^EXECUTION:(.*)$/, (_, playbook) => executionOf(machine(playbook)))
      .replace('UPLOAD', `arn:aws:s3:::${outputs.UploadBucketName}`)
      .replace('REPORTS', `arn:aws:s3:::${outputs.ReportBucketName}`)
      .replace(/^SECRET$/, outputs.ApiKeySecretArn ?? '')
      .replace(/^TABLE$/, `arn:aws:dynamodb:us-east-1:000000000000:table/${tables[0]?.name}`);
    const found = functions.find(({ roleId }) => shortName(roleId) === name);
    expect(await decide(role(found?.roleId ?? ''), action, resource)).toBe('ImplicitlyDenied');
  });
});

/** Step Functions invokes what the definitions name; the local engine takes the short way. */
function invocations(): AwsCall[] {
  return running.stack.stateMachines.flatMap(({ roleId: principal, definition, arn: own }) => {
    const arns = definition.match(/arn:aws:lambda:[\w-]+:\d+:function:[\w-]+/g) ?? [];
    const invoked = [...new Set(arns)].map((arn) => ['lambda:InvokeFunction', arn] as const);
    return [...invoked, ...nestedCalls(own, definition)].map(([action, resource]) => ({
      principal,
      action,
      resources: [resource],
    }));
  });
}

/** What Step Functions does for nested executions and distributed Maps, with the role of the state machine. */
function nestedCalls(own: string, definition: string): (readonly [string, string])[] {
  const nested = definition.match(/arn:aws:states:[\w-]+:\d+:stateMachine:[\w-]+/g) ?? [];
  const rule = 'StepFunctionsGetEventsForStepFunctionsExecutionRule';
  const ofRule = `arn:aws:events:us-east-1:000000000000:rule/${rule}`;
  const started = [...new Set(nested), ...(definition.includes('"DISTRIBUTED"') ? [own] : [])];
  return [
    ...started.flatMap((arn) => {
      const execution = `${arn.replace(':stateMachine:', ':execution:')}:x`;
      return [
        ['states:StartExecution', arn] as const,
        ['states:DescribeExecution', execution] as const,
        ['states:StopExecution', execution] as const,
      ];
    }),
    ...(nested.length > 0
      ? ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map(
          (action) => [action, ofRule] as const,
        )
      : []),
    ...(definition.includes('describeMapRun')
      ? [
          [
            'states:DescribeMapRun',
            `${own.replace(':stateMachine:', ':mapRun:')}/Batches:x`,
          ] as const,
        ]
      : []),
  ];
}

function role(logicalId: string): LocalRole {
  const found = running.stack.roles.get(logicalId);
  if (!found) throw new Error(`there is no role ${logicalId}`);
  return found;
}

/** `SubmitFile` of `VirusTotalConnectorSubmitFileRole8BB8E1F3`. */
function shortName(roleId: string): string {
  return roleId.replace(/^VirusTotalConnector/, '').replace(/Role[0-9A-F]{8}$/, '');
}
