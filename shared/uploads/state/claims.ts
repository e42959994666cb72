/**
 * Claims of things that must be done once: whoever holds a claim does it and leaves a receipt; whoever
 * comes later is given that receipt. Kept in DynamoDB, by conditional writes.
 *
 * A claim is held for a lease, which ends with the invocation that holds it: an invocation that was killed
 * cannot run longer, so its claim may be taken over then. A claim that is taken over says since when the
 * thing was being sent, if it was: the new holder has to find out whether it arrived.
 */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UpstreamUnavailableError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { type ClaimItem, type Phase, readClaimItem } from './claim-item.ts';
import { ClaimLostError } from './state-errors.ts';
import { number, openTable, text } from './state-table.ts';

/** How long a receipt is kept, and a claim that was never finished, seconds. */
export const RECEIPT_SECONDS = 24 * 60 * 60;

/** Rounds of claiming against others that come and go. */
const MAX_ROUNDS = 5;

/** What is claimed, and by whom. */
export interface ClaimRequest {
  /** Key of the item: the same for the same thing, whoever asks. */
  readonly id: string;
  /** What a reader of the table wants to see; plays no part in the claim. */
  readonly about: Readonly<Record<string, string>>;
  /**
   * Id of the invocation. Lambda repeats a failed asynchronous invocation under the same id, after the
   * first has ended: it need not wait for its own lease.
   */
  readonly requestId: string;
  /** When the invocation ends at the latest, epoch milliseconds. */
  readonly leaseUntil: number;
}

/** A claim that this attempt holds. */
export interface HeldClaim {
  readonly id: string;
  /** Token of this attempt. */
  readonly holder: string;
  /** Since when an earlier attempt was sending, epoch milliseconds; null when none was. */
  readonly sendingSince: number | null;
}

/** What became of a wish to claim. */
export type ClaimAnswer =
  | { readonly status: 'granted'; readonly claim: HeldClaim }
  /** Somebody else is at it; `until` when at the latest, epoch milliseconds. */
  | { readonly status: 'held'; readonly until: number }
  /** It was done; the receipt as it was left. */
  | { readonly status: 'done'; readonly receipt: string };

/** The claims of one table. Every method throws UpstreamUnavailableError or UpstreamTimeoutError. */
export interface Claims {
  /** Claims a thing. */
  claim(request: ClaimRequest, limits: Limits): Promise<ClaimAnswer>;
  /** Notes that sending begins now. @throws ClaimLostError when the claim was taken over */
  beginSending(claim: HeldClaim, limits: Limits): Promise<void>;
  /**
   * Leaves the receipt, even when the claim was taken over: whoever has sent the thing knows best. The
   * first receipt stays.
   */
  complete(claim: HeldClaim, receipt: string, limits: Limits): Promise<void>;
  /**
   * Gives a claim back, so that the next attempt need not wait.
   *
   * @param mayHaveArrived - whether the next holder has to find out what became of the sending
   */
  release(claim: HeldClaim, mayHaveArrived: boolean, limits: Limits): Promise<void>;
}

/** Where claims are kept. */
export interface ClaimsOptions {
  readonly client: DynamoDBClient;
  /** Name of a table with the string `pk` as its key and `expiresAt` as its time to live. */
  readonly tableName: string;
  /** Clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Opens the claims of a table; asks nothing of it yet. */
export function openClaims({ client, tableName, now = Date.now }: ClaimsOptions): Claims {
  const table = openTable(client, tableName, now);
  const expiresAt = (ms: number) => number(Math.ceil(ms / 1000) + RECEIPT_SECONDS);

  /** A free id, or one whose item has expired: time to live is swept late. */
  async function claimFree({ id, about, requestId, leaseUntil }: ClaimRequest, limits: Limits) {
    const holder = randomUUID();
    const item = {
      ...Object.fromEntries(Object.entries(about).map(([name, value]) => [name, text(value)])),
      pk: text(id),
      phase: phase('claimed'),
      holder: text(holder),
      requestId: text(requestId),
      leaseUntil: number(leaseUntil),
      expiresAt: expiresAt(leaseUntil),
    };
    const isFree = 'attribute_not_exists(pk) OR expiresAt <= :now';
    const isOurs = await table.put(item, isFree, { ':now': number(now() / 1000) }, limits);
    return isOurs ? { id, holder, sendingSince: null } : null;
  }

  /** The claim of an attempt that has ended, unless somebody else takes it first. */
  async function takeOver(request: ClaimRequest, left: ClaimItem, limits: Limits) {
    const holder = randomUUID();
    const isOurs = await table.update(
      { id: request.id, holder: left.holder },
      'SET holder = :holder, requestId = :request, leaseUntil = :until, expiresAt = :expires',
      {
        ':holder': text(holder),
        ':request': text(request.requestId),
        ':until': number(request.leaseUntil),
        ':expires': expiresAt(request.leaseUntil),
      },
      limits,
    );
    return isOurs ? { id: request.id, holder, sendingSince: left.sendingSince } : null;
  }

  return {
    async claim(request, limits) {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const fresh = await claimFree(request, limits);
        if (fresh) return { status: 'granted', claim: fresh };
        const found = await table.get(request.id, limits);
        if (!found) continue;
        const item = readClaimItem(found);
        if (item.receipt !== null) return { status: 'done', receipt: item.receipt };
        const isLive = item.leaseUntil > now() && item.requestId !== request.requestId;
        if (isLive) return { status: 'held', until: item.leaseUntil };
        const taken = await takeOver(request, item, limits);
        if (taken) return { status: 'granted', claim: taken };
      }
      throw new UpstreamUnavailableError('too many others claim the same thing; try again');
    },
    async beginSending(claim, limits) {
      const values = { ':phase': phase('sending'), ':since': number(now()) };
      const change = 'SET phase = :phase, sendingSince = :since';
      if (!(await table.update(claim, change, values, limits))) throw new ClaimLostError();
    },
    async complete(claim, receipt, limits) {
      const values = {
        ':phase': phase('submitted'),
        ':receipt': text(receipt),
        ':expires': expiresAt(now()),
      };
      const change =
        'SET phase = :phase, receipt = :receipt, expiresAt = :expires REMOVE leaseUntil';
      await table.updateIf(claim.id, 'attribute_not_exists(receipt)', change, values, limits);
    },
    // A claim that was taken over is the other's to give back.
    async release(claim, mayHaveArrived, limits) {
      if (mayHaveArrived) {
        await table.update(claim, 'SET leaseUntil = :ended', { ':ended': number(0) }, limits);
      } else {
        await table.remove(claim, limits);
      }
    },
  };
}

const phase = (value: Phase) => text(value);
