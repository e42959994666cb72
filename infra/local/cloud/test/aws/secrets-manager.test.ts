import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { createSecretsManager } from '../../src/aws/secrets-manager/secrets-manager.ts';
import { post, serve } from './serve.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:team/api-key-AbC123';

/** Serves one secret of the template. */
async function start(value?: string) {
  const clock = { ms: Date.UTC(2026, 10, 24) };
  const secrets = createSecretsManager(() => clock.ms);
  secrets.create({ name: 'team/api-key', arn: ARN, ...(value === undefined ? {} : { value }) });
  const { options, recorder } = await serve(secrets);
  const client = new SecretsManagerClient(options);
  const get = (SecretId: string, more: { VersionId?: string; VersionStage?: string } = {}) =>
    client.send(new GetSecretValueCommand({ SecretId, ...more }));
  const put = (SecretString: string, more: { ClientRequestToken?: string } = {}) =>
    client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString, ...more }));
  return { clock, secrets, client, get, put, recorder };
}

it('accepts a name, an ARN and a partial ARN, and always records the ARN', async () => {
  const { get, recorder, clock } = await start('the value');
  const expected = {
    ARN,
    Name: 'team/api-key',
    SecretString: 'the value',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: new Date(clock.ms),
  };
  for (const id of ['team/api-key', ARN, ARN.slice(0, -7)]) {
    expect(await get(id)).toMatchObject(expected);
  }
  expect(recorder.take()).toEqual(Array(3).fill(`secretsmanager:GetSecretValue ${ARN} 200`));
});

it('reports what is missing with the messages of AWS', async () => {
  const { get, recorder } = await start();
  await expect(get(ARN)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(get('other')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  await expect(get(ARN, { VersionId: 'none' })).rejects.toThrow(
    "Secrets Manager can't find the specified secret value for VersionId: none",
  );
  const other = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:other-??????';
  expect(recorder.take()).toEqual([
    `secretsmanager:GetSecretValue ${ARN} 400`,
    `secretsmanager:GetSecretValue ${other} 400`,
    `secretsmanager:GetSecretValue ${ARN} 400`,
  ]);
});

it('labels the current and the previous version, and no older ones', async () => {
  const { get, put, client } = await start();
  const { VersionId: first } = await put('one');
  const { VersionId: second } = await put('two');
  expect(await get(ARN)).toMatchObject({ SecretString: 'two', VersionId: second });
  expect(await get(ARN, { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one' });
  const third = await put('three');
  expect(third.VersionStages).toEqual(['AWSCURRENT']);
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: ARN }));
  expect(VersionIdsToStages).toEqual({
    [String(second)]: ['AWSPREVIOUS'],
    [String(third.VersionId)]: ['AWSCURRENT'],
  });
  expect(await get(ARN, { VersionId: String(first) })).toMatchObject({ SecretString: 'one' });
  await expect(
    get(ARN, { VersionId: String(first), VersionStage: 'AWSCURRENT' }),
  ).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

it('accepts a repeated request once, and refuses its token for another value', async () => {
  const { put } = await start();
  const ClientRequestToken = '11111111-2222-3333-4444-555555555555';
  expect(await put('one', { ClientRequestToken })).toMatchObject({ VersionId: ClientRequestToken });
  expect(await put('one', { ClientRequestToken })).toMatchObject({
    VersionStages: ['AWSCURRENT'],
  });
  await expect(put('two', { ClientRequestToken })).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
});

it('stores binary values, and refuses two values at once', async () => {
  const { client, get } = await start();
  const SecretBinary = new Uint8Array([0, 255]);
  await client.send(new PutSecretValueCommand({ SecretId: ARN, SecretBinary }));
  expect((await get(ARN)).SecretBinary).toEqual(SecretBinary);
  const both = new PutSecretValueCommand({ SecretId: ARN, SecretBinary, SecretString: 'x' });
  await expect(client.send(both)).rejects.toThrow("You can't specify both");
});

it('refuses two secrets with one name', async () => {
  const { secrets } = await start();
  expect(() => secrets.create({ name: 'team/api-key', arn: ARN })).toThrow(
    'the secret team/api-key already exists.',
  );
});

it('reports which field is not valid, without its value', async () => {
  const { client, put } = await start();
  const tooLong = `not-to-be-seen${'x'.repeat(65_536)}`;
  const failure = await put(tooLong).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: 'ValidationException',
    message: 'Not valid: SecretString (too_big).',
  });
  expect(JSON.stringify(failure)).not.toContain('not-to-be-seen');
  await expect(client.send(new PutSecretValueCommand({ SecretId: ARN }))).rejects.toThrow(
    'You must provide either SecretString or SecretBinary.',
  );
});

it.each([
  'CreateSecret',
  'DeleteSecret',
  'ListSecrets',
  'RestoreSecret',
  'RotateSecret',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'constructor',
])('refuses %s, and lists what is served', async (action) => {
  const served = await serve(createSecretsManager());
  const answer = await post(served, 'secretsmanager', `secretsmanager.${action}`, '{}');
  expect(answer).toMatchObject({
    status: 501,
    json: {
      __type: 'UnknownOperationException',
      message: `The local run does not serve secretsmanager:${action}. Served here: GetSecretValue, PutSecretValue, DescribeSecret.`,
    },
  });
});

it('refuses bodies that are not JSON or not valid', async () => {
  const served = await serve(createSecretsManager());
  const ask = (body: string) =>
    post(served, 'secretsmanager', 'secretsmanager.GetSecretValue', body);
  expect(await ask('{')).toMatchObject({
    status: 400,
    json: { __type: 'SerializationException' },
  });
  expect(await ask('{"SecretId":5}')).toMatchObject({
    json: { message: 'Not valid: SecretId (invalid_type).' },
  });
});
