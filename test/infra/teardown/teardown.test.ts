import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseTeardownOptions } from '../../../infra/teardown/options.ts';
import { teardownTiming } from '../../../infra/teardown/stop-executions.ts';
import { teardown } from '../../../infra/teardown/teardown.ts';
import { type AwsServer, LOOKUPS, SCANS, startAwsServer } from './aws-server.ts';

/** Stands for `cdk destroy`: reports its arguments and Region to the server. */
const report = `
  const body = [...process.argv.slice(1), 'in', process.env.AWS_REGION].join(' ');
  await fetch(process.env.AWS_ENDPOINT_URL + '/destroy', { method: 'POST', body });
`;

let aws: AwsServer;

beforeEach(async () => {
  aws = await startAwsServer();
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDENV',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_PROFILE', undefined);
  aws.account.onCall = (call) => {
    if (call === 'destroy') aws.account.status = 'DELETE_COMPLETE';
  };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws[Symbol.asyncDispose]();
});

/** Runs a teardown whose waits take no time. */
async function run(args: readonly string[], { answer = '', script = report } = {}) {
  const printed: string[] = [];
  const abort = new AbortController();
  let now = 0;
  const ended = teardown(parseTeardownOptions(args), {
    print: (line) => printed.push(line),
    ask: async (question) => {
      printed.push(question);
      return answer;
    },
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    signal: abort.signal,
    timing: teardownTiming,
    destroyCommand: [process.execPath, '--input-type=module', '-e', script, '--'],
  });
  const error: unknown = await ended.then(
    () => undefined,
    (reason) => reason,
  );
  return { error, printed: printed.join('\n'), waited: now };
}

const DISABLED = ['disable default uploads-rule', 'disable my-bus bus-rule'];
const DESTROYED = 'destroy VirusTotalConnector --force in eu-central-1';

it('disables the rules, stops all executions, and deletes the stack when none runs', async () => {
  aws.account.running.set(SCANS, ['s1', 's2', 's3']).set(LOOKUPS, ['l1']);
  const { error, printed, waited } = await run(['--yes']);
  expect(error).toBeUndefined();
  const stops = ['stop l1', 'stop s1', 'stop s2', 'stop s3'];
  expect(aws.changes.slice(0, 2)).toEqual(DISABLED);
  expect(aws.changes.slice(2, -1).toSorted()).toEqual(stops);
  expect(aws.changes.at(-1)).toBe(DESTROYED);
  expect(aws.account.rules.get('failed-scans')?.state).toBe('ENABLED');
  for (const line of ['3 of ScanUpload', '1 of FileReputation', 'AWS::S3::Bucket bucket-1']) {
    expect(printed).toContain(line);
  }
  expect(printed).toContain('AWS::S3::BucketPolicy bucket-1-policy');
  expect(printed).not.toContain('secret');
  expect(waited).toBe(teardownTiming.record);
});

it('waits for the rules only when nothing runs', async () => {
  const { error, waited } = await run(['--yes']);
  expect(error).toBeUndefined();
  expect(aws.changes).toEqual([...DISABLED, DESTROYED]);
  expect(waited).toBe(teardownTiming.settle);
});

it('stops executions that start while it waits', async () => {
  const { account } = aws;
  const { onCall } = account;
  let looks = 0;
  account.onCall = (call) => {
    onCall(call);
    // One look is for the plan; both state machines are looked at each time.
    if (call === 'ListExecutions' && ++looks === 7) account.running.set(SCANS, ['late']);
  };
  const { error } = await run(['--yes']);
  expect(error).toBeUndefined();
  expect(aws.changes).toEqual([...DISABLED, 'stop late', DESTROYED]);
});

it('takes an execution that has ended by itself as stopped', async () => {
  aws.account.running.set(SCANS, ['gone', 's1']);
  aws.account.ended.add('gone');
  const { error } = await run(['--yes']);
  expect(error).toBeUndefined();
  expect(aws.changes).toEqual([...DISABLED, 'stop s1', DESTROYED]);
});

it('gives up, without deleting, when executions never cease to start', async () => {
  const { account } = aws;
  account.onCall = (call) => {
    if (call === 'ListExecutions') account.running.set(SCANS, ['again']);
  };
  const { error, printed, waited } = await run(['--yes']);
  expect(String(error)).toContain('executions still start or run after 30 minutes');
  expect(aws.changes.some((change) => change.startsWith('destroy'))).toBe(false);
  expect(waited).toBe(teardownTiming.limit);
  expect(printed).toContain('aws events enable-rule --name uploads-rule --region eu-central-1');
});

it('says what was done and how to undo it when AWS refuses half-way', async () => {
  aws.account.running.set(SCANS, ['s1']);
  aws.account.failures.push({ call: 'StopExecution', error: 'AccessDeniedException' });
  const { error, printed } = await run(['--yes']);
  expect(error).toMatchObject({ name: 'AccessDeniedException' });
  expect(aws.changes).toEqual(DISABLED);
  expect(printed).toContain('2 rules disabled, 0 executions stopped, deletion not started');
  expect(printed).toContain('  aws events enable-rule --name uploads-rule --region eu-central-1');
  expect(printed).toContain(
    '  aws events enable-rule --name bus-rule --event-bus-name my-bus --region eu-central-1',
  );
});

it('fails when the deletion fails, or leaves the stack as it is', async () => {
  const failed = await run(['--yes'], { script: 'process.exit(3)' });
  expect(String(failed.error)).toMatch(/VirusTotalConnector --force ended with exit code 3/);
  expect(failed.printed).toContain('deletion started: CloudFormation may still go on with it');
  const undeleted = await run(['--yes'], { script: '' });
  expect(String(undeleted.error)).toContain('the stack is CREATE_COMPLETE');
});

it('asks for the name of the stack, and changes nothing for another answer', async () => {
  const refused = await run([], { answer: 'yes' });
  expect(String(refused.error)).toContain('nothing was changed');
  expect(refused.printed).toContain('uploads-rule (Uploads)');
  expect(aws.changes).toEqual([]);
  const confirmed = await run([], { answer: 'VirusTotalConnector\n' });
  expect(confirmed.error).toBeUndefined();
  expect(aws.changes.at(-1)).toBe(DESTROYED);
});

it.each([
  ['is protected', (server: AwsServer) => (server.account.isProtected = true), /protection/],
  ['is being updated', updating, /UPDATE_IN_PROGRESS; wait/],
])('changes nothing of a stack that %s', async (_, prepare, message) => {
  prepare(aws);
  const { error } = await run(['--yes']);
  expect(String(error)).toMatch(message);
  expect(aws.changes).toEqual([]);
});

function updating({ account }: AwsServer) {
  account.status = 'UPDATE_IN_PROGRESS';
}

it('uses the profile for its own calls and for the deletion', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'teardown-'));
  try {
    const file = join(folder, 'credentials');
    await writeFile(file, '[p1]\naws_access_key_id=AKIDP1\naws_secret_access_key=hidden\n');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    const { error, printed } = await run(['--yes', '--profile', 'p1']);
    expect(error).toBeUndefined();
    expect(aws.changes.at(-1)).toBe(
      'destroy VirusTotalConnector --force --profile p1 in eu-central-1',
    );
    // The stand-in for the deletion signs nothing.
    expect([...aws.accessKeys].filter(Boolean)).toEqual(['AKIDP1']);
    expect(printed).not.toContain('hidden');
  } finally {
    await rm(folder, { recursive: true });
  }
});
