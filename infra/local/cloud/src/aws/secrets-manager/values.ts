/** The actions that give and take values (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html). */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type JsonAction, jsonAction } from '../json-service.ts';
import { asked, nameOf, parameter, type Secrets, secretId, text } from './common.ts';
import { CURRENT, type Secret, type SecretValue } from './secret.ts';

const value = {
  SecretString: z.optional(text.check(z.maxLength(65_536))),
  SecretBinary: z.optional(text),
};
const token = { ClientRequestToken: z.optional(text) };
const about = { Description: z.optional(z.string()), KmsKeyId: z.optional(z.string()) };

/** A new secret, with or without a value. */
export const createSecret = (secrets: Secrets): JsonAction =>
  jsonAction(z.object({ Name: text, ...about, ...value, ...token }), (input, exchange) => {
    exchange.note('secretsmanager:CreateSecret', [secrets.store.arnOf(input.Name)]);
    const { Name, ClientRequestToken = randomUUID() } = input;
    const given = givenValue(input);
    const existing = secrets.store.find(Name);
    // SDKs repeat a request with the same token.
    const isRepeated = existing?.versions.some(({ id }) => id === ClientRequestToken);
    const secret = existing && isRepeated ? existing : secrets.store.create(Name);
    describe(secret, input);
    if (given) secret.put(ClientRequestToken, given, [CURRENT], secrets.now());
    return { ...nameOf(secret), ...(given ? { VersionId: ClientRequestToken } : {}) };
  });

/** A version's value. */
export const getSecretValue = (secrets: Secrets): JsonAction =>
  jsonAction(
    z.object({ ...secretId, VersionId: z.optional(text), VersionStage: z.optional(text) }),
    (input, exchange) => {
      const secret = asked(secrets, exchange, 'GetSecretValue', input.SecretId);
      const version = secret.select(input.VersionId, input.VersionStage);
      return {
        ...nameOf(secret),
        VersionId: version.id,
        ...version.value,
        VersionStages: [...version.stages],
        CreatedDate: version.createdMs / 1000,
      };
    },
  );

/** A new version. */
export const putSecretValue = (secrets: Secrets): JsonAction =>
  jsonAction(
    z.object({ ...secretId, ...value, ...token, VersionStages: z.optional(z.array(text)) }),
    (input, exchange) => {
      const secret = asked(secrets, exchange, 'PutSecretValue', input.SecretId);
      const given = givenValue(input);
      if (!given) throw parameter('You must provide either SecretString or SecretBinary.');
      const { ClientRequestToken = randomUUID(), VersionStages = [CURRENT] } = input;
      const { id, stages } = secret.put(ClientRequestToken, given, VersionStages, secrets.now());
      return { ...nameOf(secret), VersionId: id, VersionStages: [...stages] };
    },
  );

/** A new description, and a new version when a value is given. */
export const updateSecret = (secrets: Secrets): JsonAction =>
  jsonAction(z.object({ ...secretId, ...about, ...value, ...token }), (input, exchange) => {
    const secret = asked(secrets, exchange, 'UpdateSecret', input.SecretId);
    const given = givenValue(input);
    describe(secret, input);
    if (!given) return nameOf(secret);
    const { ClientRequestToken = randomUUID() } = input;
    const { id } = secret.put(ClientRequestToken, given, [CURRENT], secrets.now());
    return { ...nameOf(secret), VersionId: id };
  });

function givenValue({ SecretString, SecretBinary }: SecretValue): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw parameter("You can't specify both a binary secret value and a string secret value.");
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

function describe(
  secret: Secret,
  { Description, KmsKeyId }: { Description?: string | undefined; KmsKeyId?: string | undefined },
): void {
  secret.description = Description ?? secret.description;
  secret.kmsKeyId = KmsKeyId ?? secret.kmsKeyId;
}
