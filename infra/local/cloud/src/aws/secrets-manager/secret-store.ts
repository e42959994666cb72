/** All secrets, found by name, ARN, or ARN without the six characters that AWS appends. */
import { randomBytes } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../types.ts';
import { AwsRefusal } from '../refusal.ts';
import { Secret } from './secret.ts';

/** The secrets. */
export class SecretStore {
  readonly #now: () => number;
  readonly #byName = new Map<string, Secret>();

  /** @param now - epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All that are there, those that wait for their deletion too. */
  list(): readonly Secret[] {
    for (const { name, deletionMs } of [...this.#byName.values()]) {
      if (deletionMs !== undefined && deletionMs <= this.#now()) this.#byName.delete(name);
    }
    return [...this.#byName.values()];
  }

  /**
   * Adds a secret without a value.
   *
   * @param arn - made up when it is left out, as AWS would
   * @throws AwsRefusal when the name is taken
   */
  create(name: string, arn = newArn(name)): Secret {
    if (this.find(name)) {
      throw new AwsRefusal(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const secret = new Secret(name, arn, this.#now());
    this.#byName.set(name, secret);
    return secret;
  }

  /** @param id - name, ARN or partial ARN */
  find(id: string): Secret | undefined {
    return this.list().find(
      ({ name, arn }) => id === name || id === arn || id === arn.replace(/-[A-Za-z0-9]{6}$/, ''),
    );
  }

  /** A secret that is not deleted. @throws AwsRefusal */
  get(id: string): Secret {
    const secret = this.find(id);
    if (!secret) {
      throw new AwsRefusal(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret.",
      );
    }
    if (secret.deletionMs !== undefined) {
      throw new AwsRefusal(
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    }
    return secret;
  }

  /** The ARN that a policy would have to name for this id, known or not. */
  arnOf(id: string): string {
    return this.find(id)?.arn ?? (id.startsWith('arn:') ? id : `${arnPrefix(id)}-??????`);
  }
}

function newArn(name: string): string {
  // Hexadecimal digits are among the characters that AWS uses.
  return `${arnPrefix(name)}-${randomBytes(3).toString('hex')}`;
}

function arnPrefix(name: string): string {
  return `arn:aws:secretsmanager:${LOCAL_REGION}:${LOCAL_ACCOUNT}:secret:${name}`;
}
