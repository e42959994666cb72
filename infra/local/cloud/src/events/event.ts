/** Events on a bus (https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html). */
import { randomUUID } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';

/** An event as rules and targets see it. */
export interface BusEvent {
  readonly version: '0';
  /** A UUID. */
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  /** ARNs. */
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The parts of an event that differ from event to event. */
export interface EventContent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly string[];
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Origin of an event from outside the local account. */
export interface EventOrigin {
  /** @default a new UUID */
  readonly id?: string;
  readonly account?: string;
  readonly region?: string;
}

/** Builds an event. */
export function busEvent(content: EventContent, origin: EventOrigin = {}): BusEvent {
  const { id = randomUUID(), account = LOCAL_ACCOUNT, region = LOCAL_REGION } = origin;
  return {
    version: '0',
    id,
    'detail-type': content.detailType,
    source: content.source,
    account,
    time: secondsTime(content.atMs),
    region,
    resources: content.resources,
    detail: content.detail,
  };
}

/** ISO 8601 without fractions, as in `time`. @param ms - epoch milliseconds */
export function secondsTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
