import { isAbsolute } from 'node:path';
import { type LocalStack, loadAssembly } from '@local/cloud';
import { inDirectory } from '@local/cloud/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createConnectorApp } from '../../../infra/connector-app.ts';
import { operations } from '../../../shared/operations/catalogue.ts';
import { STARTUP_MS } from '../../support/running-stack.ts';
import { testAssembly } from '../../support/test-assembly.ts';

describe("the connector's stack", () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = loadAssembly(await testAssembly());
  });

  it('has a function for each operation, its role and its bundle', () => {
    for (const { id } of operations) {
      const fn = stack.functions.find(({ arn }) => arn === stack.outputs[`${id}FunctionArn`]);
      expect(fn).toMatchObject({ handler: 'index.handler' });
      expect(fn?.logicalId).toContain(`${id}Function`);
      expect(fn?.roleId).toContain(`${id}Role`);
      expect(isAbsolute(fn?.directory ?? '')).toBe(true);
      expect(fn?.name).toMatch(/^[\w-]{1,64}$/);
    }
  });

  it('resolves the environment of functions', () => {
    const submit = stack.functions.find(({ logicalId }) => logicalId.includes('SubmitFile'));
    expect(submit?.timeoutMs).toBe(900_000);
    expect(submit?.environment).toMatchObject({
      UPLOAD_BUCKET: stack.buckets[0]?.name,
      STATE_TABLE: stack.tables[0]?.name,
      VIRUSTOTAL_API_KEY_SECRET_ARN: stack.secrets[0]?.arn,
      VIRUSTOTAL_VERIFY_SSL: 'true',
    });
  });

  it('has a versioned bucket with its policy, and a secret without value', () => {
    const [bucket] = stack.buckets;
    expect(bucket).toMatchObject({ isVersioned: true, encryption: { algorithm: 'AES256' } });
    expect(bucket?.name).toMatch(/^[a-z0-9-]{3,63}$/);
    expect(bucket?.policies[0]?.Statement[0]).toMatchObject({
      Effect: 'Deny',
      Resource: [bucket?.arn, `${bucket?.arn}/*`],
    });
    expect(stack.outputs.UploadBucketName).toBe(bucket?.name);
    expect(stack.secrets[0]?.value).toBeUndefined();
    expect(stack.secrets[0]?.arn).toMatch(/-[A-Za-z0-9]{6}$/);
  });

  it('has roles with policies that name resolved resources', () => {
    const submit = stack.functions.find(({ logicalId }) => logicalId.includes('SubmitFile'));
    const role = stack.roles.get(submit?.roleId ?? '');
    const statements = role?.policies.flatMap(({ Statement }) => Statement);
    expect(statements).toContainEqual(
      expect.objectContaining({
        Action: 'secretsmanager:GetSecretValue',
        Resource: stack.secrets[0]?.arn,
      }),
    );
    expect(role?.trust.Statement[0]).toMatchObject({ Action: 'sts:AssumeRole' });
  });

  it('has the API, its one stage, and no keys', () => {
    const [api, ...others] = stack.apis;
    expect(others).toEqual([]);
    expect(api).toMatchObject({ stage: 'v1', stageVariables: null, apiKeys: [] });
    expect(stack.outputs.ApiUrl).toBe(`https://${api?.id}.execute-api.us-east-1.amazonaws.com/v1`);
    expect(JSON.stringify(api?.document)).toContain(
      `lambda:path/2015-03-31/functions/${stack.outputs.SubmitUrlFunctionArn}/invocations`,
    );
  });

  it('has no reference left', () => {
    const text = JSON.stringify([{ ...stack, roles: [...stack.roles.values()] }]);
    expect(text).not.toMatch(/"Fn::|"Ref":|\$\{/);
  });

  it('has an API key with apiAuth=api-key', { timeout: STARTUP_MS }, () => {
    const { apis } = inDirectory((outdir) => {
      const context = { apiAuth: 'api-key', 'aws:cdk:bundling-stacks': [] };
      createConnectorApp({ outdir, context }).app.synth();
      return loadAssembly(outdir);
    });
    const [key, ...others] = apis[0]?.apiKeys ?? [];
    expect(others).toEqual([]);
    expect(key?.value).toMatch(/^[a-z0-9]{40}$/);
  });
});
