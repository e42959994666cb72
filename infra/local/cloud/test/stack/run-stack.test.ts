import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClock } from '../../src/clock.ts';
import { runStack } from '../../src/stack/run-stack.ts';
import { writeAssembly } from '../../src/testing/assembly.ts';

const PACKAGE = join(import.meta.dirname, '../..');

/** An API with one route, whose function answers `hello`. */
const Resources = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: { Statement: { Effect: 'Allow' } } },
  },
  Hello: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Runtime: 'nodejs24.x',
    },
    Metadata: { 'aws:asset:path': 'asset.hello' },
  },
  Api: {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: {
      Body: {
        openapi: '3.0.3',
        paths: {
          '/hello': {
            get: {
              'x-amazon-apigateway-integration': {
                type: 'aws_proxy',
                httpMethod: 'POST',
                uri: {
                  'Fn::Join': [
                    '',
                    [
                      'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
                      { 'Fn::GetAtt': ['Hello', 'Arn'] },
                      '/invocations',
                    ],
                  ],
                },
              },
            },
          },
        },
      },
    },
  },
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { RestApiId: { Ref: 'Api' }, StageName: 'v1', DeploymentId: 'd' },
  },
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-cloud-stack-'));
  writeAssembly(directory, { Resources });
  mkdirSync(join(directory, 'asset.hello'));
  const handler = "export const handler = async () => ({ statusCode: 200, body: 'hello' });";
  writeFileSync(join(directory, 'asset.hello/index.mjs'), handler);
});
afterEach(() => rmSync(directory, { recursive: true }));

it('runs the example of the README', async () => {
  const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
  const [, example = ''] = /```ts\n(.+?)```/s.exec(readme) ?? [];
  const source = example.replace("'cdk.out'", JSON.stringify(directory));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '--eval', source],
    { cwd: PACKAGE },
  );
  expect(stdout).toBe('200 hello\n');
});

it('creates the external resources', async () => {
  const stack = await runStack({
    directory,
    clock: createClock(),
    apiPort: 0,
    awsPort: 0,
    external: ({ functions }) => ({
      secrets: [],
      buckets: functions.map(({ logicalId }) => logicalId.toLowerCase()),
      buses: [],
    }),
  });
  const credential = 'Credential=local/20260101/us-east-1/s3/aws4_request';
  const headers = { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=, Signature=` };
  const statusOf = async (bucket: string) =>
    (await fetch(`${stack.awsUrl}/${bucket}?list-type=2`, { headers })).status;
  expect([await statusOf('hello'), await statusOf('other')]).toEqual([200, 404]);
  await stack.close();
});
