/** What a run is judged by. */
import { DAY_MS } from '../../shared/quota/calendar.ts';

/** Collects what happens. */
export class Tally {
  readonly start: number;
  lastUploadAt: number;
  uploads = 0;
  /** Uploads whose caller was gone, or gave up. */
  lost = 0;
  waiting = 0;
  mostWaiting = 0;
  readonly lookupWaits: number[] = [];
  /** Time of each upload from its arrival to its end, of those that came after others were stopped. */
  readonly freshWaits: number[] = [];
  readonly waitsPerUpload: number[] = [];
  readonly uploadTimes: number[] = [];
  /** Times that an upload was woken and could not go. */
  inVain = 0;
  writes = 0;
  mostWritesPerCall = 0;

  constructor(start: number) {
    this.start = start;
    this.lastUploadAt = start;
  }

  uploadComes(): void {
    this.waiting += 1;
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting);
  }

  uploadIsLost(): void {
    this.lost += 1;
    this.waiting -= 1;
  }

  uploadEnds(now: number, waits: number): void {
    this.uploads += 1;
    this.waiting -= 1;
    this.lastUploadAt = now;
    this.waitsPerUpload.push(waits);
    this.uploadTimes.push(now - this.start);
  }
}

/** The figures of a run. */
export interface Result {
  readonly policy: string;
  readonly refused: number;
  readonly uploads: number;
  readonly lost: number;
  readonly lookups: number;
  readonly days: number;
  /** Seconds. */
  readonly lookupWait: { readonly p50: number; readonly p90: number; readonly p99: number };
  readonly waits: { readonly mean: number; readonly p99: number; readonly most: number };
  readonly mostWaiting: number;
  readonly inVain: number;
  readonly writes: number;
  /** Milliseconds. */
  readonly freshWait: { readonly p50: number; readonly most: number };
  /** When each upload was done, days from the start. */
  readonly uploadDays: readonly number[];
}

/** Sums up. */
export function resultOf(policy: string, tally: Tally, refused: number): Result {
  const seconds = (part: number) => quantile(tally.lookupWaits, part) / 1000;
  const waits = tally.waitsPerUpload;
  return {
    policy,
    refused,
    uploads: tally.uploads,
    lost: tally.lost,
    lookups: tally.lookupWaits.length,
    days: (tally.lastUploadAt - tally.start) / DAY_MS,
    lookupWait: { p50: seconds(0.5), p90: seconds(0.9), p99: seconds(0.99) },
    waits: { mean: meanOf(waits), p99: quantile(waits, 0.99), most: quantile(waits, 1) },
    mostWaiting: tally.mostWaiting,
    inVain: tally.inVain,
    writes: tally.writes,
    freshWait: { p50: quantile(tally.freshWaits, 0.5), most: quantile(tally.freshWaits, 1) },
    uploadDays: tally.uploadTimes.map((ms) => ms / DAY_MS),
  };
}

/** Returns the value below which a part of the values is; 0 without values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Returns the mean; 0 without values. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
