/** From an event of S3, by whatever way it came, to the objects that it tells of. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../../errors.ts';
import { objectCreated } from './object-created.ts';
import { type QueueMessage, queueBatch } from './queue-batch.ts';
import { notification, notificationRecord } from './s3-notification.ts';
import { property, recordSources } from './source.ts';
import type { UploadNotice } from './uploaded-object.ts';

/** One record of a notification: what it tells of, or the failure that it is when it is malformed. */
export type ReadNotice = UploadNotice | InvalidInputError;

/** An event that was understood. */
export type UploadEvent =
  /** One object, by EventBridge. */
  | { readonly kind: 'object'; readonly record: UploadNotice }
  /** A notification of S3; without records also when it is the test event of a new configuration. */
  | { readonly kind: 'notification'; readonly records: readonly ReadNotice[] }
  /** Messages of a queue, whose bodies `readMessage` reads. */
  | { readonly kind: 'queue'; readonly messages: readonly QueueMessage[] };

/** Whether something says that it is an event of S3 or a batch of messages; everything else is a direct input. */
export function isUploadEvent(event: unknown): boolean {
  return kindOf(event) !== undefined;
}

/**
 * Reads an event.
 *
 * @param event - for which `isUploadEvent` holds
 * @throws InvalidInputError when it is not what it says it is
 */
export function readEvent(event: unknown): UploadEvent {
  const kind = kindOf(event);
  if (kind === 'queue') return { kind, messages: parse(queueBatch, event, 'SQS event') };
  if (kind === 'object') return { kind, record: parse(objectCreated, event, 'EventBridge event') };
  if (kind === 'notification') return { kind, records: readRecords(event) };
  if (kind === 'nothing') return { kind: 'notification', records: [] };
  throw new InvalidInputError('event: got something else; allowed: an event of S3');
}

/**
 * Reads a message's body: a notification or an EventBridge event, also inside an SNS envelope.
 *
 * @param body - JSON text
 * @throws InvalidInputError when it is neither
 */
export function readMessage(body: string): readonly ReadNotice[] {
  const value = json(body);
  const event =
    property(value, 'Type') === 'Notification' ? json(property(value, 'Message')) : value;
  const kind = kindOf(event);
  if (kind === undefined || kind === 'queue') {
    throw new InvalidInputError('body: got a message that holds no event of S3');
  }
  const read = readEvent(event);
  if (read.kind === 'object') return [read.record];
  return read.kind === 'notification' ? read.records : [];
}

function kindOf(event: unknown): UploadEvent['kind'] | 'nothing' | undefined {
  if (property(event, 'Event') === 's3:TestEvent') return 'nothing';
  if (property(event, 'source') === 'aws.s3') return 'object';
  const sources = recordSources(event);
  if (sources?.length === 0) return 'nothing';
  // Any record will do: the first one may be malformed.
  if (sources?.includes('aws:sqs')) return 'queue';
  return sources?.includes('aws:s3') ? 'notification' : undefined;
}

function readRecords(event: unknown): ReadNotice[] {
  const { Records } = parse(notification, event, 'S3 event');
  return Records.map((record, index) => {
    const result = z.safeParse(notificationRecord, record);
    return result.success ? result.data : malformed('S3 event', result.error, ['Records', index]);
  });
}

function json(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function parse<T>(schema: z.ZodMiniType<T>, event: unknown, what: string): T {
  const result = z.safeParse(schema, event);
  if (result.success) return result.data;
  throw malformed(what, result.error);
}

/** Nothing of the event is quoted but the places that are wrong: it may hold anything. */
function malformed(
  what: string,
  { issues }: z.core.$ZodError,
  at: readonly PropertyKey[] = [],
): InvalidInputError {
  const places = issues.map(({ path }) => [...at, ...path].map(String).join('.') || 'all of it');
  const wrong = [...new Set(places)].slice(0, 5).join(', ');
  return new InvalidInputError(`${what}: missing or malformed: ${wrong}`);
}
