/** What callers want, and when. */
import { DAY_MS } from '../../shared/quota/calendar.ts';
import { dice } from './dice.ts';

/** Somebody wants something. */
export interface Arrival {
  readonly kind: 'upload' | 'lookup';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Requests that follow an upload, because VirusTotal does not know the file yet. */
  readonly looks: number;
  /** Whether the caller is gone after its first wait. */
  readonly isAbandoned?: boolean;
  /** When the caller is stopped, epoch milliseconds. */
  readonly stoppedAt?: number;
  /** Whether it comes after others were stopped. */
  readonly isFresh?: boolean;
}

const HOUR_MS = DAY_MS / 24;

/** When every load begins: on a Tuesday morning. */
export const START = Date.UTC(2026, 11, 1, 9);

/** Uploads that come in bursts of a minute. */
export interface Bursts {
  readonly uploads: number;
  /** Bursts, two hours apart. */
  readonly bursts: number;
  /** Part of the files that VirusTotal does not know: one or two requests follow. */
  readonly unknown: number;
  /** Part of the callers that never come back from a wait. */
  readonly abandoned?: number;
}

/** Returns uploads in bursts. */
export function burstsOf(
  { uploads, bursts, unknown, abandoned = 0 }: Bursts,
  seed: number,
): Arrival[] {
  const random = dice(seed);
  return Array.from({ length: uploads }, (_, index) => ({
    kind: 'upload' as const,
    at: START + Math.floor((index * bursts) / uploads) * 2 * HOUR_MS + random() * 60_000,
    looks: random() < unknown ? 1 + Math.floor(random() * 2) : 0,
    isAbandoned: random() < abandoned,
  }));
}

/** Returns uploads that are spread over days. */
export function steadyUploads(perDay: number, days: number, seed: number): Arrival[] {
  const random = dice(seed);
  return Array.from({ length: perDay * days }, (_, index) => ({
    kind: 'upload' as const,
    at: START + (index * DAY_MS) / perDay + random() * 60_000,
    looks: 0,
  }));
}

/** Returns lookups of people: in bursts of 1 to 20, 80 % of them by day. */
export function lookupsOf(perDay: number, days: number, seed: number, meanBurst = 5): Arrival[] {
  const random = dice(seed + 0x5eed);
  const midnight = Math.floor(START / DAY_MS) * DAY_MS;
  return Array.from({ length: days }, (_, day) => day)
    .flatMap((day) => {
      const times: number[] = [];
      while (times.length < perDay) {
        const hour = random() < 0.8 ? 7 + 12 * random() : 24 * random();
        const size = Math.ceil(Math.log(1 - random()) / Math.log(1 - 1 / meanBurst));
        const begins = midnight + day * DAY_MS + hour * HOUR_MS;
        const count = Math.min(Math.max(1, size), 20, perDay - times.length);
        times.push(...Array.from({ length: count }, () => begins + random() * 3_000));
      }
      return times;
    })
    .filter((at) => at >= START)
    .map((at) => ({ kind: 'lookup' as const, at, looks: 0 }));
}

/** Puts loads together, in the order of their times. */
export function together(...loads: readonly (readonly Arrival[])[]): Arrival[] {
  return loads.flat().toSorted((a, b) => a.at - b.at);
}
