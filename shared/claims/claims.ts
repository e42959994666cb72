/**
 * Claims on work that must be done once: the holder of a claim does it and leaves a receipt, which later
 * callers get. Kept in DynamoDB with conditional writes.
 *
 * A claim is a lease that ends with the invocation that holds it: a killed invocation cannot run longer, so
 * its claim may be taken over then. A claim that is taken over says when its former holder began to send, if
 * it did: the new holder has to find out whether the file arrived.
 */
import { randomUUID } from 'node:crypto';
import { numberAttribute, stringAttribute, stringAttributes } from '../aws/table/attributes.ts';
import { StateStore, type StateStoreOptions } from '../aws/table/state-store.ts';
import { UpstreamUnavailableError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { ClaimAnswer, ClaimRequest, HeldClaim } from './claim.ts';
import { type ClaimItem, readClaimItem } from './claim-item.ts';
import {
  expiresAt,
  isAsSeen,
  isHeldBy,
  isWithoutReceipt,
  leaseEnds,
  phaseAttribute,
  type Receipt,
  sendingBegins,
  takenOver,
  workEnds,
} from './claim-updates.ts';

/** How long a claim that was given back is kept, seconds: as long as an execution may wait for the quota. */
export const GIVEN_BACK_SECONDS = 90 * 24 * 60 * 60;

/** Tries to claim while others claim and release the same work. */
const MAX_TRIES = 5;

/** Another attempt has taken the claim over: the former holder must stop. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';

  constructor() {
    super('another attempt has taken the claim over');
  }
}

/** The claims in one table. @throws UpstreamUnavailableError, UpstreamTimeoutError (from every method) */
export class Claims {
  readonly #store: StateStore;

  constructor(options: StateStoreOptions) {
    this.#store = new StateStore(options);
  }

  /** Claims work. */
  async claim(request: ClaimRequest, limits: Limits): Promise<ClaimAnswer> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const fresh = await this.#claimFree(request, limits);
      if (fresh) return { status: 'granted', claim: fresh };
      const attributes = await this.#store.get(request.id, limits);
      if (!attributes) continue;
      const item = readClaimItem(attributes);
      const receipt = receiptFor(request, item);
      if (receipt !== null) return { status: 'done', receipt };
      const isLive = item.leaseUntil > this.#store.now() && item.requestId !== request.requestId;
      if (isLive) return { status: 'held', until: item.leaseUntil };
      const taken = await this.#takeOver(request, item, limits);
      if (taken) return { status: 'granted', claim: taken };
    }
    throw new UpstreamUnavailableError('too many others claim the same object; try again');
  }

  /**
   * Notes that sending begins now.
   *
   * @param content - what was read of the object, for the next holder. @default nothing
   * @throws ClaimLostError if the claim was taken over
   */
  async beginSending(claim: HeldClaim, limits: Limits, content?: string): Promise<void> {
    const change = sendingBegins(this.#store.now(), content);
    const isHeld = await this.#store.update(claim.id, change, isHeldBy(claim.holder), limits);
    if (!isHeld) throw new ClaimLostError();
  }

  /**
   * Leaves the receipt, even if the claim was taken over: the attempt that has sent the file knows best.
   * The first receipt stays.
   */
  async complete(claim: HeldClaim, receipt: Receipt, limits: Limits): Promise<void> {
    const change = workEnds(this.#store.now(), receipt);
    await this.#store.update(claim.id, change, isWithoutReceipt, limits);
  }

  /** Leaves the receipt of work that was done without a claim; it replaces an older one. */
  async leave(id: string, receipt: Receipt, limits: Limits): Promise<void> {
    const { text, values } = workEnds(this.#store.now(), receipt);
    const change = {
      text: text.replace('SET ', 'SET holder = :holder, '),
      values: { ...values, ':holder': stringAttribute(randomUUID()) },
    };
    const isAny = { text: 'attribute_exists(pk) OR attribute_not_exists(pk)', values: {} };
    await this.#store.update(id, change, isAny, limits);
  }

  /**
   * Gives a claim back, so that the next attempt need not wait; does nothing if it was taken over.
   *
   * @param mayHaveArrived - whether the next holder has to find out if the file arrived
   * @param content - what was read of the object, for the next holder. @default nothing
   */
  async release(
    claim: HeldClaim,
    mayHaveArrived: boolean,
    limits: Limits,
    content?: string,
  ): Promise<void> {
    const isHeld = isHeldBy(claim.holder);
    if (!mayHaveArrived && content === undefined && !claim.hasEarlier) {
      await this.#store.remove(claim.id, isHeld, limits);
      return;
    }
    const keptUntil = expiresAt(this.#store.now(), GIVEN_BACK_SECONDS);
    const change = leaseEnds(mayHaveArrived, content, keptUntil);
    await this.#store.update(claim.id, change, isHeld, limits);
  }

  /** Claims a free id, or one whose item has expired: DynamoDB deletes those late. */
  async #claimFree(request: ClaimRequest, limits: Limits): Promise<HeldClaim | null> {
    const { id, labels, requestId, leaseUntil } = request;
    const holder = randomUUID();
    const item = {
      ...stringAttributes(labels),
      pk: stringAttribute(id),
      phase: phaseAttribute('claimed'),
      holder: stringAttribute(holder),
      requestId: stringAttribute(requestId),
      leaseUntil: numberAttribute(leaseUntil),
      expiresAt: expiresAt(leaseUntil),
    };
    const isFree = {
      text: 'attribute_not_exists(pk) OR expiresAt <= :now',
      values: { ':now': numberAttribute(this.#store.now() / 1000) },
    };
    const isOurs = await this.#store.put(item, isFree, limits);
    return isOurs ? { id, holder, sendingSince: null, content: null, hasEarlier: false } : null;
  }

  /** Takes over the claim of an attempt that has ended, unless another attempt is faster. */
  async #takeOver(
    { id, requestId, leaseUntil }: ClaimRequest,
    former: ClaimItem,
    limits: Limits,
  ): Promise<HeldClaim | null> {
    const holder = randomUUID();
    const change = takenOver(former, {
      ':holder': stringAttribute(holder),
      ':request': stringAttribute(requestId),
      ':until': numberAttribute(leaseUntil),
      ':expires': expiresAt(leaseUntil),
    });
    const isOurs = await this.#store.update(id, change, isAsSeen(former), limits);
    const { sendingSince, content, receipt, earlier } = former;
    const hasEarlier = (receipt ?? earlier) !== null;
    return isOurs
      ? { id, holder, sendingSince: receipt === null ? sendingSince : null, content, hasEarlier }
      : null;
  }
}

/** The receipt that counts for a request; null without one. */
function receiptFor({ receiptsSince }: ClaimRequest, item: ClaimItem): string | null {
  if (receiptsSince === undefined) return item.receipt ?? item.earlier;
  return (item.submittedAt ?? 0) >= receiptsSince ? item.receipt : null;
}
