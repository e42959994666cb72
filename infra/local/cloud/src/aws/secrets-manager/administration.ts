/** The actions on secrets as a whole, and on the labels of their versions. */
import * as z from 'zod/mini';
import { type JsonAction, jsonAction } from '../json-service.ts';
import { asked, nameOf, parameter, type Secrets, secretId, text } from './common.ts';
import { CURRENT, type Secret } from './secret.ts';

const DAY_MS = 86_400_000;

/** Moves a label, or takes it off. */
export const updateSecretVersionStage = (secrets: Secrets): JsonAction =>
  jsonAction(
    z.object({
      ...secretId,
      VersionStage: text,
      MoveToVersionId: z.optional(text),
      RemoveFromVersionId: z.optional(text),
    }),
    (input, exchange) => {
      const secret = asked(secrets, exchange, 'UpdateSecretVersionStage', input.SecretId);
      moveStage(secret, input.VersionStage, input.MoveToVersionId, input.RemoveFromVersionId);
      secret.changedMs = secrets.now();
      return nameOf(secret);
    },
  );

/** All but the values; of a secret that waits for its deletion, too. */
export const describeSecret = (secrets: Secrets): JsonAction =>
  jsonAction(z.object(secretId), (input, exchange) => {
    exchange.note('secretsmanager:DescribeSecret', [secrets.store.arnOf(input.SecretId)]);
    return descriptionOf(secrets.store.find(input.SecretId) ?? secrets.store.get(input.SecretId));
  });

/** All secrets that are not deleted. */
export const listSecrets = (secrets: Secrets): JsonAction =>
  jsonAction(z.object({}), (_, exchange) => {
    exchange.note('secretsmanager:ListSecrets', ['*']);
    const present = secrets.store.list().filter(({ deletionMs }) => deletionMs === undefined);
    return { SecretList: present.map(descriptionOf) };
  });

/** Deletes, after a time in which it can be restored. */
export const deleteSecret = (secrets: Secrets): JsonAction =>
  jsonAction(
    z.object({
      ...secretId,
      RecoveryWindowInDays: z.optional(z.int().check(z.gte(7), z.lte(30))),
      ForceDeleteWithoutRecovery: z.optional(z.boolean()),
    }),
    (input, exchange) => {
      const secret = asked(secrets, exchange, 'DeleteSecret', input.SecretId);
      const days = input.ForceDeleteWithoutRecovery ? 0 : (input.RecoveryWindowInDays ?? 30);
      secret.deletionMs = secrets.now() + days * DAY_MS;
      return { ...nameOf(secret), DeletionDate: secret.deletionMs / 1000 };
    },
  );

/** Takes a deletion back. */
export const restoreSecret = (secrets: Secrets): JsonAction =>
  jsonAction(z.object(secretId), (input, exchange) => {
    exchange.note('secretsmanager:RestoreSecret', [secrets.store.arnOf(input.SecretId)]);
    const secret = secrets.store.find(input.SecretId) ?? secrets.store.get(input.SecretId);
    secret.deletionMs = undefined;
    return nameOf(secret);
  });

function moveStage(
  secret: Secret,
  stage: string,
  to: string | undefined,
  from: string | undefined,
): void {
  const target = to === undefined ? undefined : secret.byId(to);
  const holder = secret.labelled(stage);
  if (holder && holder !== target && holder.id !== from) {
    throw parameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (target) {
    secret.label(stage, target);
    return;
  }
  if (stage === CURRENT) {
    throw parameter(
      `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`,
    );
  }
  holder?.stages.delete(stage);
}

function descriptionOf(secret: Secret) {
  const labelled = secret.versions.filter(({ stages }) => stages.size > 0);
  const versions = Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]]));
  return {
    ...nameOf(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: secret.createdMs / 1000,
    LastChangedDate: secret.changedMs / 1000,
    ...(secret.deletionMs === undefined ? {} : { DeletedDate: secret.deletionMs / 1000 }),
    VersionIdsToStages: versions,
    SecretVersionsToStages: versions,
  };
}
