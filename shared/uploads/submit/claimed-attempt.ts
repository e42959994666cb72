/** An attempt to submit an object whose claim it holds: what it has done so far, and how it gives the claim back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '../../errors.ts';
import type { EventLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { NotAcceptedError } from '../../virustotal/failures.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import type { Claims, HeldClaim } from '../state/claims.ts';
import { fromKeptContent, type KnownContent, toKeptContent } from './known-content.ts';
import type { UploadProgress } from './send-object.ts';

/** Time for one write to the state table after the submission has ended, milliseconds. */
const LAST_WRITE_MS = 1_500;

/** Pauses between the tries to store a receipt, milliseconds. */
const RECEIPT_PAUSES_MS = [500, 2_000];

/** Errors that mean VirusTotal has not accepted the file. */
const refusals: readonly string[] = [
  'QuotaExceededError',
  'InvalidInputError',
  'ObjectTooLargeError',
  'ApiKeyError',
  'ForbiddenByVirusTotalError',
] satisfies ConnectorError['name'][];

/** An attempt to submit an object once. */
export class ClaimedAttempt implements UploadProgress {
  content: KnownContent | null;
  isHandedOver = false;
  readonly #claims: Claims;
  readonly #claim: HeldClaim;
  readonly #object: UploadedObject;
  readonly #limits: EventLimits;
  #hasBegun = false;

  constructor(claims: Claims, claim: HeldClaim, object: UploadedObject, limits: EventLimits) {
    this.#claims = claims;
    this.#claim = claim;
    this.#object = object;
    this.#limits = limits;
    this.content = fromKeptContent(claim.content, object);
  }

  async begin(): Promise<void> {
    await this.#claims.beginSending(this.#claim, this.#limits, this.#keptContent());
    this.#hasBegun = true;
  }

  /**
   * Stores the receipt. If the table cannot be reached, the file is submitted all the same: the claim is given
   * back, and a later event looks the file up before it sends it again.
   */
  async keepReceipt(receipt: object): Promise<void> {
    const text = JSON.stringify(receipt);
    const store = () => this.#claims.complete(this.#claim, text, lastWrite());
    try {
      await this.#persist(store);
    } catch (error) {
      logger.error('could not store receipt', { error });
      await this.#giveBack(this.#hasBegun || this.#claim.sendingSince !== null);
    }
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
    await this.#claims
      .release(this.#claim, isInDoubt, lastWrite(), this.#keptContent())
      .catch((error: unknown) => {
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

  /** Writes, and tries again while the invocation has time for that and for the claim's release. */
  async #persist(write: () => Promise<void>): Promise<void> {
    for (const pauseMs of RECEIPT_PAUSES_MS) {
      try {
        return await write();
      } catch (error) {
        const endsAt = Date.now() + pauseMs + 2 * LAST_WRITE_MS;
        if (endsAt > this.#limits.endsAt) throw error;
        await sleep(pauseMs);
      }
    }
    await write();
  }
}

function lastWrite() {
  return { deadline: Date.now() + LAST_WRITE_MS };
}
