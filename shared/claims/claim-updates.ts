/** The conditions and updates of claims. */

import {
  type Attributes,
  type AttributeValue,
  numberAttribute,
  stringAttribute,
} from '../aws/table/attributes.ts';
import type { Expression } from '../aws/table/state-store.ts';
import type { ClaimItem, Phase } from './claim-item.ts';

/** How long a receipt, or an unfinished claim, is kept, seconds. */
export const RECEIPT_SECONDS = 24 * 60 * 60;

/** Result of the work. */
export interface Receipt {
  /** JSON. */
  readonly text: string;
  /** Whether an analysis was queued: a receipt of something else is only for other events of the same upload. */
  readonly isSubmission: boolean;
}

/** When an item expires, as an attribute. @param ms - from then on, epoch milliseconds */
export const expiresAt = (ms: number, seconds = RECEIPT_SECONDS) =>
  numberAttribute(Math.ceil(ms / 1000) + seconds);

/** A phase as an attribute. */
export const phaseAttribute = (phase: Phase) => stringAttribute(phase);

/** The claim has no receipt yet. */
export const isWithoutReceipt: Expression = { text: 'attribute_not_exists(receipt)', values: {} };

/** The claim has this holder, and no receipt yet. */
export function isHeldBy(holder: string): Expression {
  return {
    text: `holder = :is AND ${isWithoutReceipt.text}`,
    values: { ':is': stringAttribute(holder) },
  };
}

/** The claim is still the one that was read. */
export function isAsSeen({ holder, receipt }: ClaimItem): Expression {
  if (receipt === null) return isHeldBy(holder);
  return {
    text: 'holder = :is AND receipt = :receipt',
    values: { ':is': stringAttribute(holder), ':receipt': stringAttribute(receipt) },
  };
}

/**
 * Another attempt has the claim. A receipt that is too old for it stays, for events.
 *
 * @param lease - `:holder`, `:request`, `:until` and `:expires`
 */
export function takenOver({ receipt }: ClaimItem, lease: Attributes): Expression {
  const text =
    'SET holder = :holder, requestId = :request, leaseUntil = :until, expiresAt = :expires';
  if (receipt === null) return { text, values: lease };
  return {
    text: `${text}, earlier = :receipt REMOVE receipt, submittedAt, sendingSince`,
    values: lease,
  };
}

/** The work ends with a receipt. @param now - epoch milliseconds */
export function workEnds(now: number, { text, isSubmission }: Receipt): Expression {
  const values = {
    ':phase': phaseAttribute('submitted'),
    ':receipt': stringAttribute(text),
    ':expires': expiresAt(now),
  };
  const set = 'SET phase = :phase, receipt = :receipt, expiresAt = :expires';
  if (!isSubmission) return { text: `${set} REMOVE leaseUntil`, values };
  return {
    text: `${set}, submittedAt = :at REMOVE leaseUntil`,
    values: { ...values, ':at': numberAttribute(now) },
  };
}

/**
 * Sending begins.
 *
 * @param sinceMs - epoch milliseconds
 * @param content - what was read of the object, for the next holder
 */
export function sendingBegins(sinceMs: number, content: string | undefined): Expression {
  const since = numberAttribute(sinceMs);
  return withContent(
    {
      text: 'SET phase = :phase, sendingSince = :since',
      values: { ':phase': phaseAttribute('sending'), ':since': since },
    },
    content,
  );
}

/**
 * The lease ends. What the item still says is for the next holder.
 *
 * @param mayHaveArrived - whether the next holder has to find out if the file arrived
 * @param content - what was read of the object
 * @param expires - when the item expires
 */
export function leaseEnds(
  mayHaveArrived: boolean,
  content: string | undefined,
  expires: AttributeValue,
): Expression {
  const values = { ':ended': numberAttribute(0), ':expires': expires };
  const set = 'SET leaseUntil = :ended, expiresAt = :expires';
  if (mayHaveArrived) return withContent({ text: set, values }, content);
  return withContent(
    {
      text: `REMOVE sendingSince ${set}, phase = :phase`,
      values: { ...values, ':phase': phaseAttribute('claimed') },
    },
    content,
  );
}

/** Adds content to an update that ends with its SET clause. */
function withContent({ text, values }: Expression, content: string | undefined): Expression {
  if (content === undefined) return { text, values };
  const kept = { ':content': stringAttribute(content) };
  return { text: `${text}, digests = :content`, values: { ...values, ...kept } };
}
