/** `quota`: maps the quota's ledger to the output. */
import { DAY_MS, dayOf, endOfMonth, monthOf } from '../../quota/calendar.ts';
import { usageAt } from '../../quota/door.ts';
import { estimateTurn } from '../../quota/estimate.ts';
import { placesBefore, placesWaiting } from '../../quota/line.ts';
import { bulkLimit } from '../../quota/plan.ts';
import type { QuotaState } from '../../quota/quota-state.ts';
import type { View } from '../../quota/turn.ts';
import { toDate } from '../common/output-values.ts';
import type { QuotaOutput } from './output.ts';

/** Returns the output. */
export function toQuota({ view, source, now }: QuotaState): QuotaOutput {
  const { settings, door } = view;
  const usage = usageAt(door, now);
  const { used, usedMonth, usedInteractive, usedElsewhere } = usage;
  const forBulk = bulkLimit(settings, usage, now);
  const { perDay, perMonth } = settings;
  return {
    minute: minuteOf(view, now),
    day: {
      allowed: limited(perDay),
      used,
      left: limited(Math.max(0, perDay - used)),
      kept: limited(Math.max(0, perDay - usedElsewhere - usedInteractive - forBulk)) ?? 0,
      resets_at: dateOf((dayOf(now) + 1) * DAY_MS),
    },
    month: {
      allowed: limited(perMonth),
      used: usedMonth,
      left: limited(Math.max(0, perMonth - usedMonth)),
      resets_at: dateOf(endOfMonth(monthOf(now))),
    },
    lanes: { interactive: { used: usedInteractive }, bulk: bulkOf(view, usage.usedBulk, now) },
    blocked_until: now < door.blockedUntil ? dateOf(door.blockedUntil) : null,
    source,
    learnt_at: door.learntAt === 0 ? null : dateOf(door.learntAt),
  };
}

function minuteOf({ settings, door }: View, now: number): QuotaOutput['minute'] {
  const { cells, perMinute } = settings;
  const taken = door.cells.filter((freeAt) => freeAt > now);
  const isFull = cells > 0 && taken.length === cells;
  return {
    allowed: limited(perMinute),
    used: cells > 0 && cells === perMinute ? taken.length : null,
    free_at: isFull ? dateOf(Math.min(...taken)) : null,
  };
}

function bulkOf({ settings, door, line }: View, used: number, now: number) {
  const waiting = placesWaiting(line);
  const last = () => estimateTurn(settings, door, placesBefore(line, line.next - 1), now);
  return { used, waiting, last_at: waiting === 0 ? null : dateOf(last()) };
}

function limited(count: number): number | null {
  return Number.isFinite(count) ? count : null;
}

/** The first whole second that is not before a time. */
function dateOf(ms: number): string | null {
  return toDate(Math.ceil(ms / 1000));
}
