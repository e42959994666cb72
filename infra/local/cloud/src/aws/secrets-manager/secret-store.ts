/** All secrets. A name, an ARN, or an ARN without the six characters that AWS appends finds one. */
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../types.ts';
import { AwsRefusal } from '../http/refusal.ts';
import { Secret } from './secret.ts';

/** The secrets of one Secrets Manager. */
export class SecretStore {
  readonly #byName = new Map<string, Secret>();

  /**
   * Adds a secret without a value.
   *
   * @param nowMs - epoch milliseconds
   * @throws AwsRefusal when the name is taken
   */
  create(name: string, arn: string, nowMs: number): Secret {
    if (this.#byName.has(name)) {
      throw new AwsRefusal(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const secret = new Secret(name, arn, nowMs);
    this.#byName.set(name, secret);
    return secret;
  }

  /** @param id - name, ARN or partial ARN. @throws AwsRefusal when there is no such secret */
  get(id: string): Secret {
    const secret = this.#find(id);
    if (secret) return secret;
    throw new AwsRefusal(
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    );
  }

  /** The ARN that a policy must allow for this id, even if no such secret exists. */
  arnOf(id: string): string {
    return this.#find(id)?.arn ?? (id.startsWith('arn:') ? id : `${ARN_PREFIX}${id}-??????`);
  }

  #find(id: string): Secret | undefined {
    return [...this.#byName.values()].find(
      ({ name, arn }) => id === name || id === arn || id === arn.replace(/-[A-Za-z0-9]{6}$/, ''),
    );
  }
}

const ARN_PREFIX = `arn:aws:secretsmanager:${LOCAL_REGION}:${LOCAL_ACCOUNT}:secret:`;
