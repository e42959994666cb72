/** Reads S3 events, whichever way they came, as notices of uploaded objects. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../../errors.ts';
import { parseJson } from '../../schema/parse-json.ts';
import { objectCreated } from './object-created.ts';
import { type QueueMessage, queueBatch } from './queue-batch.ts';
import { notification, notificationRecord } from './s3-notification.ts';
import { topicEvent, topicRecord } from './topic-event.ts';
import type { UploadNotice } from './uploaded-object.ts';

/** One record of a notification: its notice, or an error if it is malformed. */
export type ReadNotice = UploadNotice | InvalidInputError;

/** One record of a message. */
export interface MessageRecord {
  readonly notice: ReadNotice;
  /** The event with just this record, as S3 or EventBridge sent it. */
  readonly event: object;
}

/** An event that was understood. */
export type UploadEvent =
  /** One object, from EventBridge. */
  | { readonly kind: 'object'; readonly notice: UploadNotice }
  /** A notification of S3, possibly through SNS; the test event of a new configuration has no notices. */
  | { readonly kind: 'notification'; readonly notices: readonly ReadNotice[] }
  /** Messages of a queue; `readMessage` reads their bodies. */
  | { readonly kind: 'queue'; readonly messages: readonly QueueMessage[] };

type Kind = UploadEvent['kind'] | 'topic' | 'nothing';

/** Whether an event claims to come from S3, a topic or a queue; every other event is a direct input. */
export function isUploadEvent(event: unknown): boolean {
  return kindOf(event) !== undefined;
}

/**
 * Reads an event.
 *
 * @param event - for which `isUploadEvent` is true
 * @throws InvalidInputError if it is malformed
 */
export function readEvent(event: unknown): UploadEvent {
  const kind = kindOf(event);
  if (kind === 'queue') return { kind, messages: parse(queueBatch, event, 'SQS event') };
  if (kind === 'object') return { kind, notice: parse(objectCreated, event, 'EventBridge event') };
  if (kind === 'notification') return { kind, notices: readNotices(event) };
  if (kind === 'topic') return { kind: 'notification', notices: readTopicEvent(event) };
  if (kind === 'nothing') return { kind: 'notification', notices: [] };
  throw new InvalidInputError('event: not an event of S3; allowed: an event of S3');
}

/**
 * Reads the body of a message: a notification or an EventBridge event, possibly in an SNS envelope.
 *
 * @param body - JSON
 * @throws InvalidInputError if it is neither
 */
export function readMessage(body: string): readonly MessageRecord[] {
  const event = s3EventIn(body);
  if (event === undefined) {
    throw new InvalidInputError('the message contains no event of S3');
  }
  const read = readEvent(event);
  if (read.kind === 'object') return [{ notice: read.notice, event }];
  if (read.kind === 'queue') return [];
  const records = property(event, 'Records');
  return read.notices.map((notice, index) => ({
    notice,
    event: { Records: Array.isArray(records) ? [records[index]] : [] },
  }));
}

/** Returns the event in a text, without its SNS envelope; undefined if there is no event of S3. */
function s3EventIn(text: string): object | undefined {
  const content = parseJson(text);
  const message = property(content, 'Message');
  const isEnvelope = property(content, 'Type') === 'Notification';
  const event = isEnvelope && typeof message === 'string' ? parseJson(message) : content;
  const kind = kindOf(event);
  const isOfS3 = kind === 'object' || kind === 'notification' || kind === 'nothing';
  return isOfS3 && typeof event === 'object' && event !== null ? event : undefined;
}

function kindOf(event: unknown): Kind | undefined {
  if (property(event, 'Event') === 's3:TestEvent') return 'nothing';
  if (property(event, 'source') === 'aws.s3') return 'object';
  const records = property(event, 'Records');
  if (!Array.isArray(records)) return undefined;
  if (records.length === 0) return 'nothing';
  // Any record counts: the first one may be malformed.
  const sources = (name: string) => records.map((record: unknown) => property(record, name));
  if (sources('EventSource').includes('aws:sns')) return 'topic';
  if (sources('eventSource').includes('aws:sqs')) return 'queue';
  return sources('eventSource').includes('aws:s3') ? 'notification' : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function readNotices(event: unknown): ReadNotice[] {
  const { Records } = parse(notification, event, 'S3 event');
  return Records.map((record, index) => {
    const result = z.safeParse(notificationRecord, record);
    return result.success ? result.data : malformed('S3 event', result.error, ['Records', index]);
  });
}

function readTopicEvent(event: unknown): ReadNotice[] {
  const { Records } = parse(topicEvent, event, 'SNS event');
  return Records.flatMap((record, index): ReadNotice[] => {
    const place = ['Records', index];
    const result = z.safeParse(topicRecord, record);
    if (!result.success) return [malformed('SNS event', result.error, place)];
    return readTopicMessage(result.data, `${place.join('.')}.Sns.Message`);
  });
}

/** Reads the message of one record; if that fails, the other records of the event are read all the same. */
function readTopicMessage(message: string, place: string): ReadNotice[] {
  try {
    return readMessage(message).map(({ notice }) => notice);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return [new InvalidInputError(`SNS event: ${place}: ${error.message}`)];
  }
}

function parse<T>(schema: z.ZodMiniType<T>, event: unknown, eventName: string): T {
  const result = z.safeParse(schema, event);
  if (result.success) return result.data;
  throw malformed(eventName, result.error);
}

/** Names the malformed places, but quotes nothing: an event may contain anything. */
function malformed(
  eventName: string,
  { issues }: z.core.$ZodError,
  parents: readonly PropertyKey[] = [],
): InvalidInputError {
  const places = issues.map(({ path }) => [...parents, ...path].map(String).join('.') || 'all');
  const wrong = [...new Set(places)].slice(0, 5).join(', ');
  return new InvalidInputError(`${eventName}: missing or malformed: ${wrong}`);
}
