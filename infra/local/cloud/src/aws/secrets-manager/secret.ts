/** A secret and its versions, each with an id and staging labels. */
import { AwsRefusal } from '../http/refusal.ts';

/** A value, with AWS's field names. */
export interface SecretValue {
  readonly SecretString?: string | undefined;
  /** Base64. */
  readonly SecretBinary?: string | undefined;
}

export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  /** Staging labels. */
  readonly stages: Set<string>;
  /** Epoch milliseconds. */
  readonly createdMs: number;
}

/** Label of the version that readers get by default. */
export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** One secret. */
export class Secret {
  readonly name: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly createdMs: number;
  changedMs: number;
  readonly #versions = new Map<string, SecretVersion>();

  constructor(name: string, arn: string, nowMs: number) {
    this.name = name;
    this.arn = arn;
    this.createdMs = nowMs;
    this.changedMs = nowMs;
  }

  /** All versions, including those without a label. */
  get versions(): readonly SecretVersion[] {
    return [...this.#versions.values()];
  }

  /**
   * Adds a version; a repetition with the same id and value has no effect.
   *
   * @param id - the client's request token
   * @throws AwsRefusal when the id belongs to a version with another value
   */
  put(id: string, value: SecretValue, stages: readonly string[], nowMs: number): SecretVersion {
    const existing = this.#versions.get(id);
    if (existing) {
      if (isSame(existing.value, value)) return existing;
      throw new AwsRefusal(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${this.arn}.`,
      );
    }
    const version = { id, value, stages: new Set<string>(), createdMs: nowMs };
    this.#versions.set(id, version);
    for (const stage of stages) this.label(stage, version);
    this.changedMs = nowMs;
    return version;
  }

  /** Moves a label to a version; the version that was current becomes the previous one. */
  label(stage: string, to: SecretVersion): void {
    const from = this.labelled(stage);
    if (from === to) return;
    from?.stages.delete(stage);
    to.stages.add(stage);
    if (stage === CURRENT && from) this.label(PREVIOUS, from);
  }

  labelled(stage: string): SecretVersion | undefined {
    return this.versions.find(({ stages }) => stages.has(stage));
  }

  /** The version with that id. @throws AwsRefusal */
  byId(id: string): SecretVersion {
    const version = this.#versions.get(id);
    if (version) return version;
    throw new AwsRefusal(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for VersionId: ${id}`,
    );
  }

  /** The version with that id or label. @throws AwsRefusal when no version matches */
  select(id: string | undefined, stage: string | undefined): SecretVersion {
    if (id === undefined) return this.#byStage(stage ?? CURRENT);
    const version = this.byId(id);
    if (stage === undefined || version.stages.has(stage)) return version;
    throw new AwsRefusal(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }

  #byStage(stage: string): SecretVersion {
    const version = this.labelled(stage);
    if (version) return version;
    throw new AwsRefusal(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
    );
  }
}

function isSame(one: SecretValue, other: SecretValue): boolean {
  return one.SecretString === other.SecretString && one.SecretBinary === other.SecretBinary;
}
