/** What has changed in the quota's ledger, and the metrics that show it. */
import type { Metric } from '../metrics.ts';
import { usageAt } from './door.ts';
import { placesWaiting } from './line.ts';
import type { Waiting } from './messages.ts';
import type { Lane } from './plan.ts';
import type { View } from './turn.ts';

/** A change. */
export type QuotaChange =
  /** A request was admitted; `view` is what it has seen before. */
  | {
      readonly kind: 'admitted';
      readonly lane: Lane;
      readonly view: View;
      readonly isFree: boolean;
    }
  /** A call was told to come again. */
  | {
      readonly kind: 'refused';
      readonly lane: Lane;
      readonly view: View;
      readonly reason: Waiting['reason'];
      /** Epoch milliseconds. */
      readonly until: number;
    }
  /** VirusTotal has refused a request. */
  | { readonly kind: 'blocked'; readonly view: View; readonly until: number }
  /** The account's quotas are known again. */
  | { readonly kind: 'learnt' }
  /** The state table cannot be reached: interactive calls go on, bulk waits. */
  | { readonly kind: 'unavailable'; readonly lane: Lane };

/** How often each change happens, by its kind. */
const counters = {
  admitted: 'QuotaAdmitted',
  refused: 'QuotaRefused',
  blocked: 'QuotaBlocks',
  learnt: 'QuotaLearnt',
  unavailable: 'QuotaTableUnavailable',
} as const satisfies Record<QuotaChange['kind'], string>;

/**
 * Returns the metrics of a change: how often it happens, and where it shows, what is used and left of the day, how
 * many wait, and whether VirusTotal has closed the door.
 *
 * @param now - epoch milliseconds
 */
export function quotaMetrics(change: QuotaChange, now: number): readonly Metric[] {
  const counter = { name: counters[change.kind], value: 1 };
  if (!('view' in change)) return [counter];
  const { settings, door, line } = change.view;
  const isCharged = change.kind === 'admitted' && !change.isFree;
  const used = usageAt(door, now).used + (isCharged ? 1 : 0);
  const isBlocked = change.kind === 'blocked' || now < door.blockedUntil;
  const hasLimit = settings.perDay !== Number.POSITIVE_INFINITY;
  return [
    counter,
    { name: 'QuotaUsed', value: used },
    ...(hasLimit ? [{ name: 'QuotaLeft', value: Math.max(0, settings.perDay - used) }] : []),
    { name: 'QuotaWaiting', value: placesWaiting(line) },
    { name: 'QuotaBlocked', value: isBlocked ? 1 : 0 },
  ];
}

/** Returns the fields of a change for the log. */
export function describeChange(change: QuotaChange): Readonly<Record<string, unknown>> {
  const { kind } = change;
  return {
    change: kind,
    ...('lane' in change && { lane: change.lane }),
    ...('reason' in change && { reason: change.reason }),
    ...('until' in change && { until: new Date(change.until).toISOString() }),
  };
}
