/** The actions of Secrets Manager (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html). */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type JsonAction, jsonAction } from '../http/json-service.ts';
import { AwsRefusal } from '../http/refusal.ts';
import type { AwsExchange } from '../http/service.ts';
import { CURRENT, type Secret, type SecretValue } from './secret.ts';
import type { SecretStore } from './secret-store.ts';

/** What the actions work on. */
export interface Secrets {
  readonly store: SecretStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const text = z.string().check(z.minLength(1));
/** Name, ARN or partial ARN. */
const secretId = { SecretId: text };

/** Returns the value of a version. */
export const getSecretValue = (secrets: Secrets): JsonAction =>
  jsonAction(
    z.object({ ...secretId, VersionId: z.optional(text), VersionStage: z.optional(text) }),
    (input, exchange) => {
      const secret = recordAndGet(secrets, exchange, 'GetSecretValue', input.SecretId);
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

/** Adds a version. */
export const putSecretValue = (secrets: Secrets): JsonAction =>
  jsonAction(
    z.object({
      ...secretId,
      SecretString: z.optional(text.check(z.maxLength(65_536))),
      SecretBinary: z.optional(text),
      ClientRequestToken: z.optional(text),
      VersionStages: z.optional(z.array(text)),
    }),
    (input, exchange) => {
      const secret = recordAndGet(secrets, exchange, 'PutSecretValue', input.SecretId);
      const { ClientRequestToken = randomUUID(), VersionStages = [CURRENT] } = input;
      const value = onlyValue(input);
      const { id, stages } = secret.put(ClientRequestToken, value, VersionStages, secrets.now());
      return { ...nameOf(secret), VersionId: id, VersionStages: [...stages] };
    },
  );

/** Returns everything except the values. */
export const describeSecret = (secrets: Secrets): JsonAction =>
  jsonAction(z.object(secretId), (input, exchange) => {
    const secret = recordAndGet(secrets, exchange, 'DescribeSecret', input.SecretId);
    const labelled = secret.versions.filter(({ stages }) => stages.size > 0);
    return {
      ...nameOf(secret),
      CreatedDate: secret.createdMs / 1000,
      LastChangedDate: secret.changedMs / 1000,
      VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]])),
    };
  });

/** Records the call, then finds the secret. @throws AwsRefusal */
function recordAndGet(
  { store }: Secrets,
  exchange: AwsExchange,
  action: string,
  id: string,
): Secret {
  exchange.note(`secretsmanager:${action}`, [store.arnOf(id)]);
  return store.get(id);
}

function nameOf({ arn, name }: Secret) {
  return { ARN: arn, Name: name };
}

function onlyValue({ SecretString, SecretBinary }: SecretValue): SecretValue {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalid("You can't specify both a binary secret value and a string secret value.");
  }
  if (SecretString !== undefined) return { SecretString };
  if (SecretBinary !== undefined) return { SecretBinary };
  throw invalid('You must provide either SecretString or SecretBinary.');
}

function invalid(message: string): AwsRefusal {
  return new AwsRefusal('InvalidParameterException', message);
}
