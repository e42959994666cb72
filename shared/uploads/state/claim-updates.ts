/** The conditions and updates of claims. */

import {
  type AttributeValue,
  numberAttribute,
  stringAttribute,
} from '../../aws/table/attributes.ts';
import type { Expression } from '../../aws/table/state-store.ts';
import type { Phase } from './claim-item.ts';

/** A phase as an attribute. */
export const phaseAttribute = (phase: Phase) => stringAttribute(phase);

/** The claim has this holder, and no receipt yet. */
export function isHeldBy(holder: string): Expression {
  return {
    text: 'holder = :is AND attribute_not_exists(receipt)',
    values: { ':is': stringAttribute(holder) },
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
 * @param expiresAt - when the item is deleted if there is no next holder
 */
export function leaseEnds(
  mayHaveArrived: boolean,
  content: string | undefined,
  expiresAt: AttributeValue,
): Expression {
  const text = 'SET leaseUntil = :ended, expiresAt = :expires';
  const values = { ':ended': numberAttribute(0), ':expires': expiresAt };
  if (mayHaveArrived) return withContent({ text, values }, content);
  return withContent(
    {
      text: `REMOVE sendingSince ${text}, phase = :phase`,
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
