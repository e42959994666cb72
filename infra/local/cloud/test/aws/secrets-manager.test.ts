import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { createSecretsManager } from '../../src/aws/secrets-manager/secrets-manager.ts';
import { post, serve } from './serve.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:team/api-key-AbC123';
const DAY_MS = 86_400_000;

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

it('gives the value by name, ARN and partial ARN, and records the ARN each time', async () => {
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

it('says in the words of AWS what is missing', async () => {
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

it('keeps the previous version, and forgets the labels of those before', async () => {
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

it('takes a repeated request once, and refuses its token for another value', async () => {
  const { put, client } = await start();
  const ClientRequestToken = '11111111-2222-3333-4444-555555555555';
  expect(await put('one', { ClientRequestToken })).toMatchObject({ VersionId: ClientRequestToken });
  expect(await put('one', { ClientRequestToken })).toMatchObject({
    VersionStages: ['AWSCURRENT'],
  });
  await expect(put('two', { ClientRequestToken })).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
  const create = () =>
    client.send(new CreateSecretCommand({ Name: 'new', SecretString: 'x', ClientRequestToken }));
  expect(await create()).toMatchObject({ Name: 'new', VersionId: ClientRequestToken });
  expect(await create()).toMatchObject({ Name: 'new', VersionId: ClientRequestToken });
});

it('creates, updates and lists secrets, without their values', async () => {
  const { client, get, recorder } = await start('the value');
  const { ARN: arn } = await client.send(
    new CreateSecretCommand({ Name: 'binary', SecretBinary: Buffer.from([0, 255]) }),
  );
  expect(arn).toMatch(/:secret:binary-[A-Za-z0-9]{6}$/);
  expect((await get('binary')).SecretBinary).toEqual(new Uint8Array([0, 255]));
  await expect(client.send(new CreateSecretCommand({ Name: 'binary' }))).rejects.toThrow(
    'The operation failed because the secret binary already exists.',
  );
  const update = { SecretId: 'binary', Description: 'about', SecretString: 'text' };
  await client.send(new UpdateSecretCommand(update));
  expect(await get('binary')).toMatchObject({ SecretString: 'text' });
  recorder.take();
  const { SecretList } = await client.send(new ListSecretsCommand({}));
  expect(SecretList).toMatchObject([{ Name: 'team/api-key' }, { Description: 'about' }]);
  expect(JSON.stringify(SecretList)).not.toContain('the value');
  expect(recorder.take()).toEqual(['secretsmanager:ListSecrets * 200']);
});

it('moves labels only when it is told from where', async () => {
  const { client, get, put } = await start();
  const { VersionId: first } = await put('one');
  const { VersionId: second } = await put('two');
  const move = (input: {
    VersionStage: string;
    MoveToVersionId?: string;
    RemoveFromVersionId?: string;
  }) => client.send(new UpdateSecretVersionStageCommand({ SecretId: ARN, ...input }));
  const back = { VersionStage: 'AWSCURRENT', MoveToVersionId: String(first) };
  await expect(move(back)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(`currently attached to version ${second}`),
  });
  await move({ ...back, RemoveFromVersionId: String(second) });
  expect(await get(ARN)).toMatchObject({ SecretString: 'one', VersionStages: ['AWSCURRENT'] });
  expect(await get(ARN, { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'two' });
  await expect(
    move({ VersionStage: 'AWSCURRENT', RemoveFromVersionId: String(first) }),
  ).rejects.toThrow("It can't be completely removed.");
  await move({ VersionStage: 'AWSPREVIOUS', RemoveFromVersionId: String(second) });
  await expect(get(ARN, { VersionStage: 'AWSPREVIOUS' })).rejects.toThrow('AWSPREVIOUS');
});

it('deletes after a time in which the secret can be restored', async () => {
  const { client, get, clock } = await start('the value');
  const remove = () =>
    client.send(new DeleteSecretCommand({ SecretId: ARN, RecoveryWindowInDays: 7 }));
  expect((await remove()).DeletionDate).toEqual(new Date(clock.ms + 7 * DAY_MS));
  await expect(get(ARN)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  expect(await client.send(new DescribeSecretCommand({ SecretId: ARN }))).toHaveProperty(
    'DeletedDate',
  );
  await client.send(new RestoreSecretCommand({ SecretId: ARN }));
  expect(await get(ARN)).toMatchObject({ SecretString: 'the value' });
  await remove();
  clock.ms += 7 * DAY_MS;
  await expect(get(ARN)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

it('names the field that is not valid, and never its value', async () => {
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

it('refuses what is no action of its own, and no JSON', async () => {
  const served = await serve(createSecretsManager());
  const ask = (action: string, body: string) =>
    post(served, 'secretsmanager', `secretsmanager.${action}`, body);
  expect(await ask('RotateSecret', '{}')).toMatchObject({
    status: 501,
    json: {
      __type: 'UnknownOperationException',
      message: expect.stringContaining('does not serve secretsmanager:RotateSecret.'),
    },
  });
  expect(await ask('constructor', '{}')).toMatchObject({ status: 501 });
  expect(await ask('GetSecretValue', '{')).toMatchObject({
    status: 400,
    json: { __type: 'SerializationException' },
  });
  expect(await ask('GetSecretValue', '{"SecretId":5}')).toMatchObject({
    json: { message: 'Not valid: SecretId (invalid_type).' },
  });
});
