/** What a caller reads that may not send now. */
import { usageAt } from './door.ts';
import { placesBefore, placesWaiting } from './line.ts';
import type { Lane } from './plan.ts';
import type { View, Wait } from './turn.ts';

/** Why a caller waits, and until when. */
export interface Waiting {
  readonly reason: Wait['reason'] | 'too-long';
  /** When its turn is expected, or the line is shorter, epoch milliseconds. */
  readonly until: number;
  /** When the budget opens that it waits for, epoch milliseconds. @default until */
  readonly opensAt?: number;
  /** Its place in the line; null without one. */
  readonly place: number | null;
  readonly lane: Lane;
}

/** Part of the message that no place was given, by which playbooks know that waiting does not help. */
export const LINE_TOO_LONG = 'is longer than 60 days';

/**
 * Describes a wait in one or two sentences.
 *
 * @param now - epoch milliseconds
 */
export function describeWait(view: View, waiting: Waiting, now: number): string {
  const { reason, until, opensAt = until, place, lane } = waiting;
  const at = timeOf(until);
  if (reason === 'too-long') {
    return `The line of requests that wait for VirusTotal's quota ${LINE_TOO_LONG}; it is shorter from about ${at}.`;
  }
  const inLine = place === null ? '' : ` ${placeWords(view, place)} Its turn is at about ${at}.`;
  return `${sentences[reason](view, timeOf(opensAt), now, lane)}${inLine}`;
}

type Sentence = (view: View, at: string, now: number, lane: Lane) => string;

const sentences: Readonly<Record<Wait['reason'], Sentence>> = {
  minute: ({ settings }, at, _now, lane) =>
    lane === 'bulk' && settings.ownCells > 0
      ? `Bulk's part of the minute's ${settings.perMinute} requests is used; the next is free at ${at}.`
      : `The minute's ${usedWords(settings.perMinute)}; the next is free at ${at}.`,
  day: (view, at, now) => {
    const { usedBulk, usedInteractive, usedElsewhere } = usageAt(view.door, now);
    const others = usedElsewhere > 0 ? `, others ${usedElsewhere}` : '';
    return `The day's ${usedWords(view.settings.perDay)} (bulk ${usedBulk}, interactive ${usedInteractive}${others}); they are renewed at ${at}.`;
  },
  share: ({ settings }, at) =>
    `Bulk's part of the day's ${settings.perDay} requests is used; the rest is kept for interactive callers until ${at}.`,
  'bulk-share': ({ settings }, at) =>
    `Interactive callers have had their part of the day's ${settings.perDay} requests, and bulk is waiting for its own until ${at}.`,
  month: ({ settings }, at) =>
    `The month's ${usedWords(settings.perMonth)}; they are renewed at ${at}.`,
  midnight: (_view, at) =>
    `VirusTotal's day is about to change; requests are sent again from ${at}.`,
  blocked: (_view, at) =>
    `VirusTotal has refused a request although the connector counted some left; others may use the key. The next is tried at ${at}.`,
  crowd: (_view, at) => `Too many requests ask for VirusTotal's quota at once; try again at ${at}.`,
  line: () => "Others wait longer for VirusTotal's quota.",
};

function placeWords({ line }: View, place: number): string {
  const before = placesBefore(line, place);
  const waiting = Math.max(1, placesWaiting(line));
  return `place=${Math.min(before + 1, waiting)} of ${waiting}.`;
}

/** The number of requests of a budget, which are all used. */
function usedWords(count: number): string {
  return count === 1 ? '1 request is used' : `${count} requests are used`;
}

function timeOf(ms: number): string {
  return new Date(Math.ceil(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
