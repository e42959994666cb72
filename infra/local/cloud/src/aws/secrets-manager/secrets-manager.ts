/** Secrets Manager of the local run, in memory. Values are given to those who ask, and to nobody else. */
import { randomUUID } from 'node:crypto';
import { jsonService } from '../json-service.ts';
import type { AwsService } from '../service.ts';
import * as administration from './administration.ts';
import { CURRENT } from './secret.ts';
import { SecretStore } from './secret-store.ts';
import * as values from './values.ts';

/** A secret of the template. */
export interface NewSecret {
  readonly name: string;
  readonly arn: string;
  /** Left out: the secret is there, and has no value until one is put. */
  readonly value?: string;
}

/** The service, and what the composition may do with it. */
export interface SecretsManager extends AwsService {
  /** Adds a secret. @throws AwsRefusal when the name is taken */
  create(secret: NewSecret): void;
}

/** Makes the service. @param now - the clock, epoch milliseconds */
export function createSecretsManager(now: () => number = Date.now): SecretsManager {
  const store = new SecretStore(now);
  const secrets = { store, now };
  const actions = {
    CreateSecret: values.createSecret(secrets),
    GetSecretValue: values.getSecretValue(secrets),
    PutSecretValue: values.putSecretValue(secrets),
    UpdateSecret: values.updateSecret(secrets),
    UpdateSecretVersionStage: administration.updateSecretVersionStage(secrets),
    DescribeSecret: administration.describeSecret(secrets),
    ListSecrets: administration.listSecrets(secrets),
    DeleteSecret: administration.deleteSecret(secrets),
    RestoreSecret: administration.restoreSecret(secrets),
  };
  return {
    ...jsonService({ name: 'secretsmanager', actions }),
    create({ name, arn, value }) {
      const secret = store.create(name, arn);
      if (value === undefined) return;
      secret.put(randomUUID(), { SecretString: value }, [CURRENT], now());
    },
  };
}
