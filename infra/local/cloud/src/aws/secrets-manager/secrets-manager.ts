/** Secrets Manager of the local run, in memory. Values appear only in answers, never in logs. */
import { randomUUID } from 'node:crypto';
import { jsonService } from '../http/json-service.ts';
import type { AwsService } from '../http/service.ts';
import { describeSecret, getSecretValue, putSecretValue } from './actions.ts';
import { CURRENT } from './secret.ts';
import { SecretStore } from './secret-store.ts';

/** A secret to create. */
export interface NewSecret {
  readonly name: string;
  readonly arn: string;
  /** @default none: the secret has no value until PutSecretValue is called */
  readonly value?: string;
}

/** The service, and how the local stack adds secrets to it. */
export interface SecretsManager extends AwsService {
  /** Adds a secret. @throws AwsRefusal when the name is taken */
  create(secret: NewSecret): void;
}

/** Creates the service. @param now - current time, epoch milliseconds */
export function createSecretsManager(now: () => number = Date.now): SecretsManager {
  const store = new SecretStore();
  const secrets = { store, now };
  const actions = {
    GetSecretValue: getSecretValue(secrets),
    PutSecretValue: putSecretValue(secrets),
    DescribeSecret: describeSecret(secrets),
  };
  return {
    ...jsonService({ name: 'secretsmanager', actions }),
    create({ name, arn, value }) {
      const secret = store.create(name, arn, now());
      if (value === undefined) return;
      secret.put(randomUUID(), { SecretString: value }, [CURRENT], now());
    },
  };
}
