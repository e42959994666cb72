/** What Secrets Manager's actions share. */
import * as z from 'zod/mini';
import { AwsRefusal } from '../refusal.ts';
import type { AwsExchange } from '../service.ts';
import type { Secret } from './secret.ts';
import type { SecretStore } from './secret-store.ts';

/** What the actions work on. */
export interface Secrets {
  readonly store: SecretStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A text that is not empty. */
export const text = z.string().check(z.minLength(1));
/** Name, ARN or partial ARN. */
export const secretId = { SecretId: text };

/** Notes the call, then finds the secret. @throws AwsRefusal */
export function asked(
  { store }: Secrets,
  exchange: AwsExchange,
  action: string,
  id: string,
): Secret {
  exchange.note(`secretsmanager:${action}`, [store.arnOf(id)]);
  return store.get(id);
}

/** How an answer names a secret. */
export function nameOf({ arn, name }: Secret) {
  return { ARN: arn, Name: name };
}

/** The refusal of a parameter. */
export function parameter(message: string): AwsRefusal {
  return new AwsRefusal('InvalidParameterException', message);
}
