import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAssembly } from '../../src/testing/assembly.ts';

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

/** A function of the template, with its bundle in `asset.<bundle>`. */
export const fn = (bundle: string, properties: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Handler: 'index.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Runtime: 'nodejs24.x',
    ...properties,
  },
  Metadata: { 'aws:asset:path': `asset.${bundle}` },
});

/**
 * Writes the assembly to a new directory.
 *
 * @param resources - more of them
 * @param bundles - sources of handlers; the keys are the names of the bundles
 */
export function writeHello(
  resources: object = {},
  bundles: Readonly<Record<string, string>> = {},
): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-stack-'));
  writeAssembly(directory, { Resources: { ...Resources, ...resources } });
  const hello = "export const handler = async () => ({ statusCode: 200, body: 'hello' });";
  for (const [name, source] of Object.entries({ hello, ...bundles })) {
    mkdirSync(join(directory, `asset.${name}`));
    writeFileSync(join(directory, `asset.${name}`, 'index.mjs'), source);
  }
  return directory;
}
