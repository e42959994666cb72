/** EventBridge's API: PutEvents (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html). */
import * as z from 'zod/mini';
import { type BusEvent, busEvent } from '../events/event.ts';
import type { EventBus } from '../events/event-bus.ts';
import { DEFAULT_BUS } from '../events/rule.ts';
import { isRecord } from '../json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { jsonAction, jsonService } from './http/json-service.ts';
import { AwsRefusal } from './http/refusal.ts';
import type { AwsService } from './http/service.ts';

const entrySchema = z.object({
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  Resources: z.optional(z.array(z.string())),
  /** Epoch seconds. */
  Time: z.optional(z.number()),
  EventBusName: z.optional(z.string()),
});
type Entry = z.infer<typeof entrySchema>;

/** Maximum total size of the entries, bytes. */
const MAX_BYTES = 256 * 1024;

/**
 * Creates the service.
 *
 * @param bus - the caller closes it
 * @param now - epoch milliseconds
 */
export function createEventBridge(bus: EventBus, now: () => number = Date.now): AwsService {
  const schema = z.object({ Entries: z.array(entrySchema).check(z.minLength(1), z.maxLength(10)) });
  const PutEvents = jsonAction(schema, ({ Entries }, { note }) => {
    note('events:PutEvents', [...new Set(Entries.map((entry) => busArn(busNameOf(entry))))]);
    if (Entries.reduce((bytes, entry) => bytes + bytesOf(entry), 0) > MAX_BYTES) {
      const message = 'Total size of the entries in the request is over the limit.';
      throw new AwsRefusal('ValidationException', message);
    }
    const results = Entries.map((entry) => putEntry(bus, entry, now()));
    const failed = results.filter((result) => 'ErrorCode' in result);
    return { FailedEntryCount: failed.length, Entries: results };
  });
  return jsonService({ name: 'events', actions: { PutEvents } });
}

interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function putEntry(bus: EventBus, entry: Entry, nowMs: number): { EventId: string } | EntryError {
  const event = eventOf(entry, nowMs);
  if ('ErrorCode' in event) return event;
  const busName = busNameOf(entry);
  if (!bus.busNames.has(busName)) {
    // AWS silently drops such an event; the local run reports the mistake.
    return entryError('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
  }
  bus.put(event, busName);
  return { EventId: event.id };
}

function eventOf(entry: Entry, nowMs: number): BusEvent | EntryError {
  const { Source, DetailType, Detail } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.')) {
    return entryError('NotAuthorizedForSourceException', 'Not authorized for the source.');
  }
  const detail = parsed(Detail);
  if (!isRecord(detail)) return entryError('MalformedDetail', 'Detail is malformed.');
  return busEvent({
    source: Source,
    detailType: DetailType,
    detail,
    resources: entry.Resources ?? [],
    atMs: entry.Time === undefined ? nowMs : entry.Time * 1000,
  });
}

/** Bytes of an entry, as AWS counts them (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-calculate-event-entry-size). */
function bytesOf({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const timeBytes = Time === undefined ? 0 : 14;
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), timeBytes);
}

/** @returns undefined when it is not JSON */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The name may be given as an ARN. */
function busNameOf({ EventBusName = DEFAULT_BUS }: Entry): string {
  return EventBusName.slice(EventBusName.lastIndexOf('/') + 1);
}

function busArn(name: string): string {
  return `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:event-bus/${name}`;
}

function missing(name: string): EntryError {
  const message = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
  return entryError('InvalidArgument', message);
}

function entryError(ErrorCode: string, ErrorMessage: string): EntryError {
  return { ErrorCode, ErrorMessage };
}
