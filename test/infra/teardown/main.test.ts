/** The command, as its own process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { type AwsServer, SCANS, startAwsServer } from './aws-server.ts';

const main = join(import.meta.dirname, '../../../infra/teardown/main.ts');

function start(args: readonly string[], url: string) {
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIDENV',
      AWS_SECRET_ACCESS_KEY: 'do-not-print',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, ended };
}

async function withServer<T>(use: (aws: AwsServer) => Promise<T>): Promise<T> {
  await using aws = await startAwsServer();
  return await use(aws);
}

it('asks nothing of AWS without a terminal and --yes', () =>
  withServer(async (aws) => {
    const { code, stderr } = await start([], aws.url).ended;
    expect({ code, calls: aws.calls }).toEqual({ code: 2, calls: [] });
    expect(stderr).toContain('confirm with --yes');
  }));

it('refuses an unknown option, and prints its help', () =>
  withServer(async (aws) => {
    const [refused, help] = await Promise.all([
      start(['--force'], aws.url).ended,
      start(['--help'], aws.url).ended,
    ]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('allowed are --stack, --region, --profile, --yes, --help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('npm run teardown -- --stack NAME --yes');
    expect(aws.calls).toEqual([]);
  }));

it('says how to undo what it did when it is interrupted', () =>
  withServer(async (aws) => {
    aws.account.running.set(SCANS, ['s1']);
    const { child, ended } = start(['--yes'], aws.url);
    aws.account.onCall = (call) => {
      if (call === 'StopExecution') child.kill('SIGINT');
    };
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toBe('interrupted\n');
    expect(stdout).toContain('2 rules disabled, 1 executions stopped, deletion not started');
    expect(stdout).toContain('aws events enable-rule --name uploads-rule --region eu-central-1');
    expect(stdout + stderr).not.toContain('do-not-print');
  }));
