/** An attempt to submit an object whose claim it holds: what it has done so far, and how it gives the claim back. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredObject } from '../../aws/s3/stored-object.ts';
import { type HeldClaim, LAST_WRITE_MS } from '../../claims/claim.ts';
import type { Claims } from '../../claims/claims.ts';
import { ConnectorError } from '../../errors.ts';
import type { InvocationLimits, Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { NotAcceptedError } from '../../virustotal/failures.ts';
import { isVersion, type UploadedObject } from '../events/uploaded-object.ts';
import { fromKeptContent, type KnownContent, toKeptContent } from './known-content.ts';
import type { UploadProgress } from './send-object.ts';

/** Time to answer after the last write, milliseconds. */
const ANSWER_MS = 500;

/**
 * Pauses between the tries to store a receipt or to give a claim back, milliseconds: until then, other events of the
 * version wait for the lease to end, which is up to 15 minutes.
 */
const PAUSES_MS = [500, 2_000, 5_000, 10_000, 15_000];

/** Errors that mean VirusTotal has not accepted the file. */
const refusals: readonly string[] = [
  'QuotaExceededError',
  'InvalidInputError',
  'ObjectTooLargeError',
  'ApiKeyError',
  'ForbiddenByVirusTotalError',
] satisfies ConnectorError['name'][];

/** What an attempt needs. */
export interface AttemptServices {
  readonly claims: Pick<Claims, 'beginSending' | 'complete' | 'release'>;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** @default that of Node.js */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** An attempt to submit an object once. */
export class ClaimedAttempt implements UploadProgress {
  content: KnownContent | null;
  isHandedOver = false;
  readonly #claims: AttemptServices['claims'];
  readonly #claim: HeldClaim;
  readonly #object: UploadedObject;
  readonly #limits: InvocationLimits;
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<unknown>;
  #hasBegun = false;

  constructor(
    { claims, now = Date.now, sleep: pause = sleep }: AttemptServices,
    claim: HeldClaim,
    object: UploadedObject,
    limits: InvocationLimits,
  ) {
    this.#claims = claims;
    this.#now = now;
    this.#sleep = pause;
    this.#claim = claim;
    this.#object = object;
    this.#limits = limits;
    this.content = fromKeptContent(claim.content, object);
  }

  keep(content: KnownContent, { etag }: StoredObject): void {
    const { versionId, etag: expected } = this.#object;
    // Without a version, another object may be there by now.
    if (isVersion(versionId) || etag === `"${expected}"`) this.content = content;
  }

  async begin(): Promise<void> {
    await this.#claims.beginSending(this.#claim, this.#limits, this.#keptContent());
    this.#hasBegun = true;
  }

  /**
   * Stores the receipt. If the table cannot be reached, the file is submitted all the same: the claim is given
   * back, and a later event looks the file up before it sends it again.
   */
  async keepReceipt(output: object, isSubmission: boolean): Promise<void> {
    const receipt = { text: JSON.stringify(output), isSubmission };
    try {
      await this.#persist((limits) => this.#claims.complete(this.#claim, receipt, limits), 2);
    } catch (error) {
      logger.error('could not store receipt', { error });
      await this.#giveBack(this.#hasBegun || this.#claim.sendingSince !== null);
    }
  }

  /** Gives the claim back after VirusTotal has said what it knows of the file. */
  async settle(): Promise<void> {
    await this.#giveBack(false);
  }

  /**
   * Gives the claim back after a failure. An earlier attempt's doubt stays until this one begins to send,
   * which settles it.
   */
  async release(error: unknown): Promise<void> {
    await this.#giveBack(
      this.#hasBegun ? this.#mayHaveArrived(error) : this.#claim.sendingSince !== null,
    );
  }

  /** If that fails, the lease ends by itself; the caller must see the first error. */
  async #giveBack(isInDoubt: boolean): Promise<void> {
    const content = this.#keptContent();
    await this.#persist(
      (limits) => this.#claims.release(this.#claim, isInDoubt, limits, content),
      1,
    ).catch((error: unknown) => {
      logger.error('could not release claim', { error });
    });
  }

  #mayHaveArrived(error: unknown): boolean {
    if (!this.isHandedOver || error instanceof NotAcceptedError) return false;
    return !(error instanceof ConnectorError && refusals.includes(error.name));
  }

  #keptContent(): string | undefined {
    return toKeptContent(this.content, this.#object);
  }

  /**
   * Writes, and tries again while the invocation has time.
   *
   * @param writes - for which there must be time: this one, and those that follow if it fails
   */
  async #persist(write: (limits: Limits) => Promise<void>, writes: number): Promise<void> {
    const writeNow = () => write({ deadline: this.#now() + LAST_WRITE_MS });
    for (const pauseMs of PAUSES_MS) {
      try {
        return await writeNow();
      } catch (error) {
        const endsAt = this.#now() + pauseMs + writes * LAST_WRITE_MS + ANSWER_MS;
        if (endsAt > this.#limits.endsAt) throw error;
        await this.#sleep(pauseMs);
      }
    }
    await writeNow();
  }
}
